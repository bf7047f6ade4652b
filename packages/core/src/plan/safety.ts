import { posix } from 'node:path';
import { LivesysError } from '../errors/livesys-error.ts';
import { WORK, type Operation, type Plan, type PlanTask, type PlanText } from './model.ts';
import { operationRefs, writtenPaths } from './operations.ts';
import { showText } from './text.ts';

/** What the rules need to know of the machine that applies. */
export interface SafetyContext {
  readonly cache: string;
}

/** Folders in which no output may be written: the system's own. */
const SYSTEM = [
  '/bin',
  '/boot',
  '/dev',
  '/etc',
  '/lib',
  '/lib32',
  '/lib64',
  '/proc',
  '/run',
  '/sbin',
  '/sys',
  '/usr',
];
const KERNEL_FILESYSTEMS = ['/proc', '/sys', '/dev'];

/** Refuses a plan that breaks a rule, whoever made it. All breaches are reported at once. */
export function assertSafe(plan: Plan, context: SafetyContext): void {
  const breaches = [
    ...references(plan),
    ...plan.tasks.flatMap((task) => taskBreaches(plan, task, context)),
  ];
  if (breaches.length === 0) return;
  throw new LivesysError(
    'LIVESYS_PLAN_UNSAFE',
    `The plan breaks ${breaches.length} safety rule${breaches.length === 1 ? '' : 's'}.`,
    {
      details: breaches,
    },
  );
}

/** Every task, tree and blob that is named exists, and tasks only build on earlier ones. */
function references(plan: Plan): readonly string[] {
  const breaches: string[] = [];
  const earlier = new Set<string>();
  const known = (tree: string): boolean =>
    plan.trees[tree]?.layers.every((layer) => layer.kind !== 'task' || earlier.has(layer.task)) ??
    false;
  for (const task of plan.tasks) {
    const say = (what: string): void => void breaches.push(`${task.id}  ${what}`);
    if (!/^[a-z]+:[\w.+:-]+$/.test(task.id)) say('its id is not of the form kind:name');
    if (earlier.has(task.id)) say('there are two tasks of this id');
    for (const tree of namedTrees(task))
      if (!known(tree)) say(`the tree ${tree} is not made by an earlier task`);
    for (const input of task.inputs) {
      if (input.kind === 'artifact' && !earlier.has(input.task))
        say(`${input.task} is not an earlier task`);
      if (input.kind === 'blob' && plan.blobs[input.sha256] === undefined)
        say(`the blob ${input.sha256.slice(0, 12)} is missing`);
    }
    for (const ref of task.operations.flatMap(operationRefs)) {
      if (ref.kind === 'content' && !earlier.has(ref.task))
        say(`${ref.task} is not an earlier task`);
    }
    earlier.add(task.id);
  }
  return breaches;
}

/** The trees that a task names itself. */
function namedTrees(task: PlanTask): readonly string[] {
  const { place } = task;
  const inputs = task.inputs.flatMap((input) =>
    input.kind === 'tree' || input.kind === 'topLayer' ? [input.tree] : [],
  );
  if (place.kind === 'layer') return [place.on, ...inputs];
  if (place.kind === 'chroot') return [place.tree, ...inputs];
  return [
    ...(place.kind === 'tools' ? [place.tree] : []),
    ...Object.values(place.mounts),
    ...inputs,
  ];
}

function taskBreaches(plan: Plan, task: PlanTask, context: SafetyContext): readonly string[] {
  const breaches = task.operations.flatMap((operation) => operationBreaches(task, operation));
  if (task.result.kind === 'output')
    breaches.push(...outputBreaches(plan, task.result.path, context));
  for (const input of task.inputs) {
    if (!input.at.startsWith(`${WORK}/in/`) || !isPlain(input.at))
      breaches.push(`an input lies outside of ${WORK}/in: ${input.at}`);
  }
  for (const { name, at } of task.downloads) {
    if (!/^[\w.-]+$/.test(name) || name.startsWith('.'))
      breaches.push(`a download cache has a bad name: ${name}`);
    if (!isPlain(at)) breaches.push(`a download cache has a bad path: ${at}`);
  }
  return breaches.map((breach) => `${task.id}  ${breach}`);
}

function operationBreaches(task: PlanTask, operation: Operation): string[] {
  const breaches: string[] = [];
  for (const path of writtenPaths(operation)) {
    const shown = showText(path);
    if (!isPlain(shown))
      breaches.push(`${operation.kind} to a path that is not absolute and plain: ${shown}`);
    else if (KERNEL_FILESYSTEMS.some((folder) => within(shown, folder)))
      breaches.push(`${operation.kind} into ${shown}`);
    else if (
      task.place.kind !== 'layer' &&
      !['/tmp', '/var/tmp'].some((folder) => within(shown, folder))
    ) {
      breaches.push(`${operation.kind} outside of the task's own folders: ${shown}`);
    } else if (operation.kind === 'remove' && shown === '/')
      breaches.push('it would remove everything');
  }
  if ((operation.kind === 'exec' || operation.kind === 'pipe') && usesSecret(operation)) {
    breaches.push('a secret is given as an argument; it may only go to standard input');
  }
  return breaches;
}

function usesSecret(operation: Operation & { kind: 'exec' | 'pipe' }): boolean {
  const words = operation.kind === 'exec' ? operation.argv : operation.commands.flat();
  const argv: readonly PlanText[] = [...words, operation.cwd ?? ''];
  return argv.some(
    (text) =>
      typeof text !== 'string' &&
      text.some((part) => typeof part !== 'string' && part.ref.kind === 'secret'),
  );
}

function outputBreaches(plan: Plan, path: string, context: SafetyContext): readonly string[] {
  const breaches: string[] = [];
  if (!isPlain(path)) breaches.push(`the output is not an absolute path: ${path}`);
  if (SYSTEM.some((folder) => within(path, folder)))
    breaches.push(`the output would lie in a folder of the system: ${path}`);
  if (within(path, context.cache)) breaches.push(`the output would lie in the cache: ${path}`);
  for (const tree of Object.values(plan.trees)) {
    for (const layer of tree.layers) {
      if (layer.kind === 'directory' && within(path, layer.path))
        breaches.push(`the output would lie in the source: ${path}`);
    }
  }
  return [...new Set(breaches)];
}

/** Absolute, without `.` and `..` and without control characters. */
function isPlain(path: string): boolean {
  return path.startsWith('/') && posix.normalize(path) === path && !/\p{Cc}/u.test(path);
}

function within(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}
