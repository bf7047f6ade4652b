import { operationRefs } from '../plan/operations.ts';
import type { Plan, PlanTask } from '../plan/model.ts';

/** The tasks that must have ended before each task, read from the handles it takes. */
export function dependencies(plan: Plan): ReadonlyMap<string, ReadonlySet<string>> {
  return new Map(plan.tasks.map((task) => [task.id, new Set(dependsOn(plan, task))]));
}

function dependsOn(plan: Plan, task: PlanTask): readonly string[] {
  const treeTasks = (tree: string): readonly string[] =>
    (plan.trees[tree]?.layers ?? []).flatMap((layer) =>
      layer.kind === 'task' ? [layer.task] : [],
    );
  const { place } = task;
  const trees =
    place.kind === 'layer'
      ? [place.on]
      : place.kind === 'chroot'
        ? [place.tree]
        : [...(place.kind === 'tools' ? [place.tree] : []), ...Object.values(place.mounts)];
  const inputs = task.inputs.flatMap((input) => {
    if (input.kind === 'tree') return treeTasks(input.tree);
    if (input.kind === 'topLayer') return treeTasks(input.tree).slice(-1);
    return input.kind === 'artifact' ? [input.task] : [];
  });
  const refs = task.operations
    .flatMap((operation) => operationRefs(operation))
    .flatMap((ref) => (ref.kind === 'content' ? [ref.task] : []));
  return [...trees.flatMap(treeTasks), ...inputs, ...refs];
}

/** The tasks that one task needs, itself included, in the order of the plan. */
export function tasksUntil(plan: Plan, until: string): readonly PlanTask[] {
  const needed = new Set<string>();
  const all = dependencies(plan);
  const visit = (id: string): void => {
    if (needed.has(id)) return;
    needed.add(id);
    for (const other of all.get(id) ?? []) visit(other);
  };
  visit(until);
  return plan.tasks.filter((task) => needed.has(task.id));
}

/** The tasks and all that read from them, in the order of the plan. */
export function withDependents(plan: Plan, ids: readonly string[]): readonly string[] {
  const chosen = new Set(ids);
  const all = dependencies(plan);
  // A task stands behind what it reads.
  for (const { id } of plan.tasks) {
    if ([...(all.get(id) ?? [])].some((other) => chosen.has(other))) chosen.add(id);
  }
  return plan.tasks.flatMap(({ id }) => (chosen.has(id) ? [id] : []));
}

export interface ScheduleOptions {
  readonly tasks: readonly PlanTask[];
  readonly dependencies: ReadonlyMap<string, ReadonlySet<string>>;
  /** How many tasks run at the same time. */
  readonly width: number;
  run(task: PlanTask): Promise<void>;
}

/**
 * Runs tasks as soon as what they need is there: side by side, but one heavy task at a time, and
 * never two that use the same downloads. After a failure nothing new starts.
 */
export async function schedule(options: ScheduleOptions): Promise<void> {
  // What takes longest starts first; within that the order of the plan.
  const waiting = new Set(options.tasks.toSorted((a, b) => Number(b.heavy) - Number(a.heavy)));
  const included = new Set(options.tasks.map((task) => task.id));
  const running = new Map<PlanTask, Promise<void>>();
  const done = new Set<string>();
  const failures: unknown[] = [];
  const ready = (task: PlanTask): boolean =>
    [...(options.dependencies.get(task.id) ?? [])].every((id) => done.has(id) || !included.has(id));
  const free = (task: PlanTask): boolean =>
    running.size < options.width && [...running.keys()].every((other) => !excludes(task, other));
  for (;;) {
    for (const task of waiting) {
      if (failures.length > 0 || !ready(task) || !free(task)) continue;
      waiting.delete(task);
      const work = options.run(task).then(
        () => void done.add(task.id),
        (error: unknown) => void failures.push(error),
      );
      running.set(
        task,
        work.finally(() => running.delete(task)),
      );
    }
    if (running.size === 0) break;
    await Promise.race(running.values());
  }
  if (failures.length > 0) throw failures[0];
  if (waiting.size > 0)
    throw new Error(`tasks wait for each other: ${[...waiting].map((task) => task.id).join(', ')}`);
}

function excludes(a: PlanTask, b: PlanTask): boolean {
  if (a.heavy && b.heavy) return true;
  return a.downloads.some((one) => b.downloads.some((other) => one.name === other.name));
}
