import { chmod, lstat, mkdir, readlink, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { LivesysError } from '../errors/livesys-error.ts';
import type { Plan, PlanInput, PlanTask } from '../plan/model.ts';
import { WORK } from '../plan/model.ts';
import {
  mountPlaces,
  mountWritable,
  stackPlaces,
  type LayerPlace,
  type TreePlace,
  type Upper,
} from './layer-places.ts';
import {
  bind,
  bindAll,
  bindAllReadOnly,
  devices,
  mountTable,
  procfs,
  remountReadOnly,
  tmpfs,
  unmount,
} from './mounts.ts';
import { pathInRoot } from './operations/path-in-root.ts';

/** What a run gives to each of its tasks. */
export interface TaskEnvironment {
  readonly plan: Plan;
  readonly rootless: boolean;
  /** Folder of this run in the cache; on the same file system as the results. */
  readonly scratch: string;
  /** Mount points of this run, in memory. */
  readonly points: string;
  readonly cache: string;
  /** Where a layer of a tree lies, without what is left out of it. */
  layerPlaces(tree: string, index: number): Promise<readonly LayerPlace[]>;
  artifact(task: string, output: string): string;
}

/** A root that a task's commands see as `/`, with the places its result is taken from. */
export interface TaskRoot {
  readonly root: string;
  /** Outputs of the task lie here. */
  readonly out: string;
  /** For a layer: what was written, by place, and the root before. */
  readonly uppers?: readonly Upper[];
  readonly lower?: string;
  /** Takes back what the sandbox itself put into the root. */
  finish(): Promise<void>;
}

/** Puts together the root of a task out of mounts. Nothing but its outputs can be written. */
export async function makeTaskRoot(
  task: PlanTask,
  env: TaskEnvironment,
  folder: string,
): Promise<TaskRoot> {
  const name = task.id.replaceAll(/[^\w.-]/g, '_');
  const root = join(env.points, name, 'root');
  const scratch = {
    out: join(folder, 'out'),
    tmp: join(folder, 'tmp'),
    vartmp: join(folder, 'vartmp'),
  };
  for (const path of [root, ...Object.values(scratch)]) await mkdir(path, { recursive: true });
  await chmod(scratch.tmp, 0o1777);
  await chmod(scratch.vartmp, 0o1777);
  const layer = await mountRoot(task, env, root, join(env.points, name), folder);
  const finish = await furnish(task, root, scratch, env);
  await showInputs(task, env, root, scratch, join(env.points, name));
  return { root, out: scratch.out, ...layer, finish };
}

async function mountRoot(
  task: PlanTask,
  env: TaskEnvironment,
  root: string,
  points: string,
  folder: string,
): Promise<{ uppers?: readonly Upper[]; lower?: string }> {
  const { place } = task;
  if (place.kind === 'builder') {
    await mountBuilder(env, root);
    return {};
  }
  if (place.kind === 'chroot' || place.kind === 'tools') {
    await mountTree(place.tree, env, root, join(points, 'lowers'));
    return {};
  }
  const lower = join(points, 'below');
  await mkdir(lower, { recursive: true });
  await mountTree(place.on, env, lower, join(points, 'below-lowers'));
  const uppers = await mountWritable(await treePlaces(place.on, env), root, {
    ...{ lower, folder, rootless: env.rootless },
    lowerPoints: join(points, 'lowers'),
  });
  return { uppers, lower };
}

/** Mounts a tree read-only. */
async function mountTree(
  tree: string,
  env: TaskEnvironment,
  at: string,
  lowerPoints: string,
): Promise<void> {
  await mountPlaces(await treePlaces(tree, env), at, { lowerPoints, rootless: env.rootless });
}

async function treePlaces(tree: string, env: TaskEnvironment): Promise<readonly TreePlace[]> {
  const layers = env.plan.trees[tree]?.layers ?? [];
  return stackPlaces(await Promise.all(layers.map((_, index) => env.layerPlaces(tree, index))));
}

/** The builder as it is, read-only, without the cache and the mounts of this run. */
async function mountBuilder(env: TaskEnvironment, root: string): Promise<void> {
  await bindAll('/', root);
  await tmpfs(join(root, env.cache), 'mode=0755,size=1m');
  const inner = (await mountTable())
    .map((entry) => entry.at)
    .filter((at) => at === root || at.startsWith(`${root}/`));
  const system = ['/proc', '/dev', '/sys'].map((path) => join(root, path));
  for (const at of new Set(inner)) {
    if (system.some((path) => at === path || at.startsWith(`${path}/`))) continue;
    if (at.startsWith(join(root, env.cache, '/'))) continue;
    await remountReadOnly(at);
  }
}

const MOUNT_POINTS = ['/dev', '/proc', '/run', '/sys', '/tmp', '/var/tmp'];

/** A root that is only read cannot be given the folders that it lacks. */
async function assertMountPoints(task: PlanTask, root: string): Promise<void> {
  for (const path of MOUNT_POINTS) {
    const found = await stat(join(root, path)).catch(() => undefined);
    if (found?.isDirectory() === true) continue;
    throw new LivesysError(
      'LIVESYS_SOURCE_NOT_ROOT',
      `The root for "${task.title}" has no folder ${path}, where every system has something mounted.`,
      { task: task.id, hint: `Make ${path} in the source, as an installed system has it.` },
    );
  }
}

/** Gives a root what every program expects: /proc, /dev, /sys, /run and places for temporary files. */
async function furnish(
  task: PlanTask,
  root: string,
  scratch: { out: string; tmp: string; vartmp: string },
  env: TaskEnvironment,
): Promise<() => Promise<void>> {
  const undo: (() => Promise<void>)[] = [];
  const builder = task.place.kind === 'builder';
  if (!builder) await assertMountPoints(task, root);
  await bind(scratch.tmp, join(root, 'tmp'), { writable: true });
  await bind(scratch.vartmp, join(root, 'var/tmp'), { writable: true });
  if (!builder) {
    await procfs(join(root, 'proc'));
    await devices(join(root, 'dev'));
    await (env.rootless ? bindAllReadOnly : bind)('/sys', join(root, 'sys'));
    await tmpfs(join(root, 'run'));
    await mkdir(join(root, 'run/lock'));
    if (task.network) undo.push(await showResolver(root));
  }
  for (const { name, at } of task.downloads) {
    const kept = join(env.cache, 'downloads', name);
    await mkdir(kept, { recursive: true });
    const point = await pathInRoot(root, at);
    await mkdir(point, { recursive: true });
    await bind(kept, point, { writable: true });
  }
  return async () => {
    for (const step of undo.toReversed()) await step();
  };
}

/** Lets programs in the root resolve names as the builder does. Gives back how to undo it. */
async function showResolver(root: string): Promise<() => Promise<void>> {
  // A machine without network need not have one, nor a link that leads anywhere.
  if ((await stat('/etc/resolv.conf').catch(() => undefined)) === undefined) {
    return async () => undefined;
  }
  const path = await pathInRoot(root, '/etc/resolv.conf');
  const found = await lstat(path).catch(() => undefined);
  if (found?.isSymbolicLink()) {
    const target = await pathInRoot(root, posix.resolve('/etc', await readlink(path)));
    if (target.startsWith(join(root, 'run/'))) {
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, '');
      await bind('/etc/resolv.conf', target);
      return async () => undefined;
    }
  }
  if (found?.isFile()) {
    await bind('/etc/resolv.conf', path);
    return async () => undefined;
  }
  if (found !== undefined) return async () => undefined;
  await writeFile(path, '');
  await bind('/etc/resolv.conf', path);
  return async () => {
    await unmount(path);
    await rm(path, { force: true });
  };
}

/** Shows inputs and outputs at the paths that the plan names. */
async function showInputs(
  task: PlanTask,
  env: TaskEnvironment,
  root: string,
  scratch: { out: string; tmp: string },
  points: string,
): Promise<void> {
  const inside = (path: string): string => join(scratch.tmp, posix.relative('/tmp', path));
  await mkdir(inside(`${WORK}/in`), { recursive: true });
  await mkdir(inside(`${WORK}/out`), { recursive: true });
  await bind(scratch.out, join(root, WORK, 'out'), { writable: true });
  for (const [index, input] of task.inputs.entries()) {
    const at = join(root, input.at);
    if (input.kind === 'tree' || input.kind === 'topLayer') {
      await mkdir(inside(input.at));
      const places =
        input.kind === 'tree'
          ? await treePlaces(input.tree, env)
          : await env.layerPlaces(input.tree, topLayer(input.tree, env));
      const lowerPoints = join(points, `input-${index}`);
      await mountPlaces(places, at, { lowerPoints, rootless: env.rootless });
      continue;
    }
    if (input.kind === 'blob') {
      const content = env.plan.blobs[input.sha256];
      if (content === undefined)
        throw new LivesysError('LIVESYS_PLAN_INVALID', `The plan lacks the blob ${input.sha256}.`);
      await writeFile(inside(input.at), Buffer.from(content, 'base64'), { mode: input.mode });
      await chmod(inside(input.at), input.mode);
      continue;
    }
    await showPath(inputFolder(input, env), inside(input.at), at);
  }
  if (task.place.kind !== 'builder' && task.place.kind !== 'tools') return;
  for (const [index, [at, tree]] of Object.entries(task.place.mounts).entries()) {
    await mountTree(tree, env, join(root, at), join(points, `mount-${index}`));
  }
}

function topLayer(tree: string, env: TaskEnvironment): number {
  return (env.plan.trees[tree]?.layers.length ?? 1) - 1;
}

function inputFolder(
  input: PlanInput & { kind: 'artifact' | 'builderPath' },
  env: TaskEnvironment,
): string {
  return input.kind === 'artifact' ? env.artifact(input.task, input.output) : input.path;
}

async function showPath(from: string, point: string, at: string): Promise<void> {
  if ((await lstat(from)).isDirectory()) await mkdir(point);
  else await writeFile(point, '');
  await bind(from, at);
}
