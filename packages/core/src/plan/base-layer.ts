import type { PlanLayer } from './model.ts';

/** A layer that no task of the plan makes. */
export type BaseLayer = Exclude<PlanLayer, { kind: 'task' }>;
