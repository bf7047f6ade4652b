import { dirname } from 'node:path';
import { LocalStore } from '../cache/local-store.ts';
import type { ResultRecord, Store } from '../cache/store.ts';
import { taskKeys, type TaskKey } from '../plan/keys.ts';
import type { Plan, PlanTask } from '../plan/model.ts';
import type { PlannedTask } from './events.ts';
import { fingerprintAll } from './fingerprint-all.ts';
import type { LeftOut } from './left-out.ts';
import { mountSizes, type MountSize } from './mount-sizes.ts';
import { outputIsCurrent } from './output.ts';
import { goalSizes, type GoalSizes } from './goal-sizes.ts';
import { freeBytes, spaceEstimate } from './space.ts';

/** What is known of a plan here and now; no part of the plan. */
export interface Annotations {
  readonly tasks: readonly PlannedTask[];
  readonly fingerprints: ReadonlyMap<string, string>;
  /** How large the mounts of the running system are, where it is the source. */
  readonly mounts: ReadonlyMap<string, MountSize>;
  /** Bytes that the base would take by goal of compression; undefined where it is not looked at. */
  readonly goals: GoalSizes | undefined;
  /** What stays out of the base, where that was asked for and the source is looked at. */
  readonly leftOut: LeftOut | undefined;
  /** Bytes that the tasks that will run need in the cache and for outputs. */
  readonly spaceNeeded: number;
  readonly spaceFree: number;
}

export interface AnnotateOptions {
  readonly cache: string;
  /** Ids of tasks to carry out even if they are cached. */
  readonly refresh?: readonly string[];
  /** Milliseconds that measuring what is left out of the base may take. Default: it is not measured. */
  readonly leftOutTime?: number | undefined;
}

/** Tells for each task whether it is cached, and why not. Reads only. */
export async function annotatePlan(plan: Plan, options: AnnotateOptions): Promise<Annotations> {
  const store = new LocalStore(options.cache);
  const found = await fingerprintAll(plan, options);
  const { fingerprints, bytes, dense, mounts, leftOut } = found;
  const keys = taskKeys(plan, fingerprints);
  const history = latestByTask(await store.list());
  const bytesOf = spaceEstimate(plan, bytes);
  const tasks: PlannedTask[] = [];
  let spaceNeeded = 0;
  for (const task of plan.tasks) {
    const key = keys.get(task.id) as TaskKey;
    const refreshed = options.refresh?.includes(task.id) ?? false;
    const cached = !refreshed && (await isCached(task, key.key, store));
    const { id, title, step, plugin } = task;
    const reason = refreshed ? 'asked for' : whyNot(task, key, history.get(id));
    tasks.push({
      id,
      title,
      step,
      plugin,
      key: key.key,
      ...(cached ? { state: 'cached' } : { state: 'run', reason }),
    });
    if (!cached) spaceNeeded += bytesOf(task, history.get(id));
  }
  return {
    tasks,
    fingerprints,
    mounts: await mountSizes(plan, mounts),
    goals: goalSizes(plan, { bytes, dense }),
    leftOut,
    spaceNeeded,
    spaceFree: await freeBytes(await existing(options.cache)),
  };
}

/** Whether the result of a key is there. */
export async function isCached(task: PlanTask, key: string, store: Store): Promise<boolean> {
  if (task.result.kind === 'output')
    return outputIsCurrent(await store.findOutput(task.result.path), key);
  return (await store.find(key)) !== undefined;
}

function latestByTask(records: readonly ResultRecord[]): ReadonlyMap<string, ResultRecord> {
  return new Map(
    records.toSorted((a, b) => a.created - b.created).map((record) => [record.task, record]),
  );
}

/** Names what differs from the last time, the cause nearest to the user first. */
function whyNot(task: PlanTask, { parts }: TaskKey, last: ResultRecord | undefined): string {
  if (task.result.kind === 'output') return 'it is not there, or what goes in changed';
  if (last === undefined) return 'not built yet';
  const changed = Object.keys(parts).filter((name) => parts[name] !== last.parts[name]);
  return changed.length === 0 ? 'its result was pruned' : `changed: ${changed.join(', ')}`;
}

async function existing(path: string): Promise<string> {
  const { stat } = await import('node:fs/promises');
  for (let at = path; ; at = dirname(at))
    if (at === '/' || (await stat(at).catch(() => undefined))) return at;
}
