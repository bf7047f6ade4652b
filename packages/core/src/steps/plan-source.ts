import { posix } from 'node:path';
import type { Architecture, MountFacts } from '../contract/facts.ts';
import type { Probe } from '../contract/probe.ts';
import type { DistroAdapter, Source } from '../contract/roles.ts';
import { PLAN_FORMAT, type Plan } from '../plan/model.ts';
import { PlanRecorder } from '../plan/recorder.ts';
import { sourceLabel } from './source-label.ts';

/** What wave source is planned from. */
export interface SourceInputs {
  readonly source: Source;
  readonly distro: DistroAdapter | undefined;
  /** Relative paths count from here. */
  readonly folder: string;
  readonly builder: Probe;
  /** Those of another machine, from facts. */
  readonly mounts?: readonly MountFacts[];
  readonly architecture: Architecture;
  readonly repositories: string;
}

/** Plans wave source: the tasks that make the source tree, none where it exists already. */
export function planSource(inputs: SourceInputs): Plan {
  const { source, distro, folder, builder, architecture, repositories } = inputs;
  const recorder = new PlanRecorder();
  source.plan({
    plan: recorder.builderFor({ plugin: source.name, step: 'source' }),
    ...(distro === undefined ? {} : { distro }),
    builder,
    ...(inputs.mounts === undefined ? {} : { mounts: inputs.mounts }),
    architecture,
    resolvePath: (path) => posix.resolve(folder, path),
  });
  return {
    format: PLAN_FORMAT,
    wave: 'source',
    complete: false,
    architecture,
    source: sourceLabel(source, distro),
    sourceDateEpoch: 0,
    repositories,
    trees: Object.fromEntries(recorder.trees),
    tasks: recorder.tasks,
    blobs: Object.fromEntries(recorder.blobs),
    observations: [],
  };
}
