import type { CorePlanBuilder } from '../../../packages/core/src/plan/recorder.ts';
import { PlanRecorder } from '../../../packages/core/src/plan/recorder.ts';
import { PLAN_FORMAT, type Plan } from '../../../packages/core/src/plan/model.ts';

/** Files that a test writes are newer than this, so they get this time in an image. */
export const EPOCH = 1_700_000_000;

/** A plan made with the recorder that real plans are made with. */
export function makePlan(body: (plan: CorePlanBuilder, recorder: PlanRecorder) => void): Plan {
  const recorder = new PlanRecorder();
  body(recorder.builderFor({ plugin: 'test', step: 'prepareImage' }), recorder);
  return {
    format: PLAN_FORMAT,
    wave: 'image',
    complete: true,
    architecture: 'x86_64',
    source: 'test',
    sourceDateEpoch: EPOCH,
    repositories: '',
    trees: Object.fromEntries(recorder.trees),
    tasks: recorder.tasks,
    blobs: Object.fromEntries(recorder.blobs),
    observations: [],
  };
}
