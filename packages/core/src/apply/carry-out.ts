import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { MountFacts } from '../contract/facts.ts';
import { touchResult } from '../cache/prune.ts';
import type { Store } from '../cache/store.ts';
import { isLivesysError, LivesysError } from '../errors/livesys-error.ts';
import { digestOf } from '../plan/canonical.ts';
import { taskKeys, type TaskKey } from '../plan/keys.ts';
import type { BaseLayer } from '../plan/base-layer.ts';
import type { Plan, PlanTask } from '../plan/model.ts';
import { assertSafe } from '../plan/safety.ts';
import { isCached } from './annotate.ts';
import { placesOf, trimmed } from './base-places.ts';
import { placesOfCache } from './places-of-cache.ts';
import type { BuildEvent } from './events.ts';
import type { LayerPlace } from './layer-places.ts';
import { snapshotPlaces } from './snapshot-places.ts';
import { Snapshots, type SnapshotView } from './snapshots.ts';
import { VolumeSnapshots } from './volume-snapshots.ts';
import { aliveFile } from './run-files.ts';
import { checkObservations } from './observations.ts';
import { assertOutputFits, runOutput } from './output.ts';
import { dependencies, schedule, tasksUntil } from './schedule.ts';
import { explainSystemError } from './task-error.ts';
import type { TaskRun } from './task-run.ts';
import { runTask } from './task-runner.ts';
import type { WorkerRequest } from './worker-protocol.ts';

export interface CarryOutSettings {
  readonly store: Store;
  /** Folders of the sandbox. Without them nothing may run: only what is cached is told. */
  readonly scratch: string | undefined;
  readonly points: string | undefined;
  readonly signal: AbortSignal;
  readonly width: number;
  /** Takes a snapshot of the logical volume with a device number. Gives its device. */
  takeVolume(number: string): Promise<string>;
  emit(event: BuildEvent): void;
}

/**
 * Carries a plan out: what is cached is taken from there, the rest runs in order of its needs.
 * Outside of the sandbox it gives undefined when something would have to run.
 */
export async function carryOut(
  request: WorkerRequest,
  settings: CarryOutSettings,
): Promise<{ ran: number; cached: number } | undefined> {
  const { plan } = request;
  const { store } = settings;
  assertSafe(plan, { cache: request.cache });
  const keys = taskKeys(plan, new Map(Object.entries(request.fingerprints)));
  const run = taskRun(request, settings, keys);
  await assertSourceThere(plan, store);
  checkObservations(plan.observations, sourceRoot(plan, store));
  const tasks = request.until === undefined ? plan.tasks : tasksUntil(plan, request.until);
  const cached = await cachedTasks(tasks, request, keys, store);
  if (cached.size < tasks.length && settings.scratch === undefined) return undefined;
  if (cached.size < tasks.length) await mkdir(run.logs, { recursive: true });
  for (const task of tasks) {
    if (task.result.kind === 'output' && !cached.has(task.id))
      await assertOutputFits(task.result.path, run, request.force);
  }
  await schedule({
    tasks,
    dependencies: dependencies(plan),
    width: settings.width,
    run: async (task) => {
      const started = Date.now();
      try {
        await runOne(task, keys.get(task.id), cached.has(task.id), run, request);
      } catch (error) {
        const cause = await causeOf(error, run);
        throw tellFailure(explainSystemError(cause, task.id), task, started, run);
      }
    },
  });
  await rm(run.logs, { recursive: true, force: true });
  return { ran: tasks.length - cached.size, cached: cached.size };
}

async function cachedTasks(
  tasks: readonly PlanTask[],
  request: WorkerRequest,
  keys: ReadonlyMap<string, TaskKey>,
  store: Store,
): Promise<ReadonlySet<string>> {
  const cached = new Set<string>();
  for (const task of tasks) {
    if (request.refresh.includes(task.id)) continue;
    if (await isCached(task, keys.get(task.id)?.key ?? '', store)) cached.add(task.id);
  }
  return cached;
}

function taskRun(
  request: WorkerRequest,
  settings: CarryOutSettings,
  keys: ReadonlyMap<string, TaskKey>,
): TaskRun {
  const { plan } = request;
  const { store } = settings;
  const volumes = new VolumeSnapshots({
    points: settings.points ?? '',
    takeVolume: async (number) => settings.takeVolume(number),
  });
  return {
    plan,
    rootless: request.rootless,
    scratch: settings.scratch ?? '',
    points: settings.points ?? '',
    cache: request.cache,
    store,
    logs: join(request.cache, 'logs', request.run),
    secrets: request.secrets,
    signal: settings.signal,
    emit: (event) => settings.emit(event),
    assertSourceWhole: async () => volumes.assertWhole(),
    layerPlaces: layerPlaces(request, settings, keys, volumes),
    artifact: (task, output) => join(store.content(keys.get(task)?.key ?? ''), output),
  };
}

/**
 * Finds layers. What is left out of a base, and what is read from a snapshot, is settled once a run,
 * when something first needs it.
 */
function layerPlaces(
  { plan, rootless, cache, run }: WorkerRequest,
  { store, scratch = '', points = '' }: CarryOutSettings,
  keys: ReadonlyMap<string, TaskKey>,
  volumes: VolumeSnapshots,
): TaskRun['layerPlaces'] {
  const settled = new Map<string, Promise<readonly LayerPlace[]>>();
  const subvolumes = new Snapshots({ plan, points, run, alive: aliveFile(cache, run) });
  const snapshots = {
    of: async (mount: MountFacts): Promise<SnapshotView> =>
      mount.snapshot === 'volume' ? volumes.of(mount) : subvolumes.of(mount),
  };
  const settle = async (layer: BaseLayer, name: string): Promise<readonly LayerPlace[]> => {
    const places =
      layer.kind === 'mounts'
        ? await snapshotPlaces(layer, snapshots)
        : placesOf(layer, (key) => store.content(key));
    if (layer.leaveOut === undefined) return places;
    return trimmed(places, layer.leaveOut, {
      ...{ folder: join(scratch, `base-${name.slice(0, 16)}`), points, rootless },
      holdsCache: layer.kind === 'mounts' ? placesOfCache(cache) : () => false,
    });
  };
  return async (tree, index) => {
    const layer = plan.trees[tree]?.layers[index];
    if (layer === undefined)
      throw new LivesysError(
        'LIVESYS_PLAN_INVALID',
        `The plan names a tree that it does not have: ${tree}`,
      );
    if (layer.kind === 'task') {
      return [{ at: '/', folders: [store.content(keys.get(layer.task)?.key ?? '')], fixed: false }];
    }
    const name = digestOf(layer);
    const known = settled.get(name) ?? settle(layer, name);
    settled.set(name, known);
    return known;
  };
}

/** An image plan builds on a source tree that an earlier build left in the cache. */
async function assertSourceThere(plan: Plan, store: Store): Promise<void> {
  for (const layer of Object.values(plan.trees).flatMap((tree) => tree.layers)) {
    if (layer.kind !== 'cached' || (await store.find(layer.key)) !== undefined) continue;
    throw new LivesysError(
      'LIVESYS_PLAN_STALE',
      'The source tree that the plan was made on is not in the cache.',
    );
  }
}

/** Where the facts of the plan were read: the lowest layer of its source tree. */
function sourceRoot({ wave, trees }: Plan, store: Store): string {
  const layer = wave === 'image' ? trees['source:base']?.layers[0] : undefined;
  if (layer === undefined || layer.kind === 'task') return '/';
  return placesOf(layer, (key) => store.content(key))[0]?.folders[0] ?? '/';
}

/** A snapshot that ran full says more than what a task stumbled over in it. */
async function causeOf(error: unknown, run: TaskRun): Promise<unknown> {
  if (run.signal.aborted) return error;
  return run.assertSourceWhole().then(
    () => error,
    (found: unknown) =>
      isLivesysError(found) && found.code === 'LIVESYS_SNAPSHOT_FULL' ? found : error,
  );
}

/** At once: what runs beside it goes on, and may take long. */
function tellFailure(error: unknown, task: PlanTask, started: number, run: TaskRun): unknown {
  if (isLivesysError(error) && error.code === 'LIVESYS_INTERRUPTED') return error;
  run.emit({
    type: 'task-failed',
    ...{ task: task.id, title: task.title, milliseconds: Date.now() - started },
    message: error instanceof Error ? error.message : String(error),
  });
  return error;
}

async function runOne(
  task: PlanTask,
  key: TaskKey | undefined,
  cached: boolean,
  run: TaskRun,
  request: WorkerRequest,
): Promise<void> {
  const { id, title } = task;
  const started = Date.now();
  if (!cached) run.emit({ type: 'task-started', task: id, title });
  if (task.result.kind === 'output')
    return finishOutput({ ...task, result: task.result }, key?.key ?? '', cached, run, request);
  if (cached) await touchResult(run.cache, key?.key ?? '');
  const record = cached
    ? await run.store.find(key?.key ?? '')
    : await runTask(task, key as TaskKey, run);
  run.emit({
    type: 'task-finished',
    task: id,
    title,
    cached,
    milliseconds: Date.now() - started,
    bytesOut: record?.bytes ?? 0,
  });
}

async function finishOutput(
  task: PlanTask & { readonly result: { readonly kind: 'output'; readonly path: string } },
  key: string,
  cached: boolean,
  run: TaskRun,
  request: WorkerRequest,
): Promise<void> {
  const started = Date.now();
  const imageId = (
    await readFile(run.artifact('image:manifest', 'id'), 'utf8').catch(() => '')
  ).trim();
  const record = cached
    ? await run.store.findOutput(task.result.path)
    : await runOutput(task, key, run, { runId: request.run, owner: request.owner, imageId });
  run.emit({
    type: 'task-finished',
    task: task.id,
    title: task.title,
    cached,
    milliseconds: Date.now() - started,
    bytesOut: record?.bytes ?? 0,
  });
  run.emit({
    type: 'output',
    path: task.result.path,
    bytes: record?.bytes ?? 0,
    imageId,
    firmware: task.result.firmware,
    cached,
  });
}
