/**
 * Runs the commands of a plan one after another, in namespaces of its own, and prints the seconds
 * that they took by task. Only the commands are timed: roots, copied and written files and hashes
 * are made by the code of livesys between them, outside the clock.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { CLEAN_ENVIRONMENT } from '../packages/core/src/apply/command-runner.ts';
import { placesOf, trimmed } from '../packages/core/src/apply/base-places.ts';
import type { LayerPlace } from '../packages/core/src/apply/layer-places.ts';
import { tmpfs, unmountAll } from '../packages/core/src/apply/mounts.ts';
import {
  runOperation,
  type OperationContext,
} from '../packages/core/src/apply/operations/run-operation.ts';
import { makeTaskRoot, type TaskEnvironment } from '../packages/core/src/apply/task-root.ts';
import type {
  Operation,
  Plan,
  PlanLayer,
  PlanTask,
  PlanText,
} from '../packages/core/src/plan/model.ts';

const CHROOT = 'chroot';

const { plan, folder } = JSON.parse(await text(process.stdin)) as { plan: Plan; folder: string };

const results = (task: string): string => join(folder, 'results', fileName(task));
const points = join(folder, 'points');
await mkdir(points, { recursive: true });
await mkdir(join(folder, 'results'));
await tmpfs(points);

const environment: TaskEnvironment = {
  plan,
  rootless: false,
  scratch: folder,
  points,
  cache: folder,
  async layerPlaces(tree, index) {
    const layer = plan.trees[tree]?.layers[index];
    if (layer?.kind === 'directory') return trimBase(layer);
    if (layer?.kind === 'task') return [{ at: '/', folders: [results(layer.task)], fixed: false }];
    throw new Error(`${tree} rests on a cache`);
  },
  artifact: (task, output) => join(results(task), output),
};

const seconds: Record<string, number> = {};
for (const task of plan.tasks) seconds[task.id] = await runBare(task);
process.stdout.write(JSON.stringify(seconds));

let trimming: Promise<readonly LayerPlace[]> | undefined;

/** Once, as a run does it. */
async function trimBase(layer: PlanLayer): Promise<readonly LayerPlace[]> {
  const places = placesOf(layer, () => '');
  if (layer.kind === 'task' || layer.leaveOut === undefined) return places;
  trimming ??= trimmed(places, layer.leaveOut, {
    folder: join(folder, 'base'),
    ...{ points, rootless: false, holdsCache: () => false },
  });
  return trimming;
}

async function runBare(task: PlanTask): Promise<number> {
  const scratch = join(folder, fileName(task.id));
  const root = await makeTaskRoot(task, environment, scratch);
  const context = operationContext(task, root.root, join(scratch, 'log'));
  let spent = 0;
  for (const operation of task.operations) {
    const started = performance.now();
    if (await runTool(operation, context)) spent += performance.now() - started;
    else await runOperation(operation, context);
  }
  await root.finish();
  await unmountAll(root.root);
  const made =
    task.result.kind === 'root' ? join(root.out, 'root') : (root.uppers?.[0]?.folder ?? root.out);
  await rename(made, results(task.id));
  return spent / 1000;
}

function operationContext(task: PlanTask, root: string, log: string): OperationContext {
  return {
    root,
    network: task.network,
    env: { SOURCE_DATE_EPOCH: String(plan.sourceDateEpoch) },
    log,
    task: task.id,
    blobs: new Set(),
    signal: new AbortController().signal,
    resolve,
    onOutput: () => undefined,
    onStart: () => undefined,
  };
}

function resolve(value: PlanText): string {
  if (typeof value === 'string') return value;
  return value
    .map((part) => {
      if (typeof part === 'string') return part;
      if (part.ref.kind === 'secret') throw new Error('a bare run has no secrets');
      const file = environment.artifact(part.ref.task, part.ref.output);
      return readFileSync(file, 'utf8').replace(/\n$/, '');
    })
    .join('');
}

/** Runs the commands of an operation as a shell would. False when it is none that runs a tool. */
async function runTool(operation: Operation, context: OperationContext): Promise<boolean> {
  if (operation.kind !== 'exec' && operation.kind !== 'pipe') return false;
  const commands = operation.kind === 'exec' ? [operation.argv] : operation.commands;
  const env = { ...CLEAN_ENVIRONMENT, ...context.env, ...operation.env };
  const log = openSync(context.log, 'a');
  const children: ChildProcess[] = [];
  for (const [index, argv] of commands.entries()) {
    const before = children.at(-1)?.stdout ?? (operation.stdin === undefined ? 'ignore' : 'pipe');
    const out = index < commands.length - 1 ? 'pipe' : log;
    const [file, ...words] = [CHROOT, context.root, ...argv.map(resolve)];
    children.push(spawn(file, words, { env, stdio: [before, out, log] }));
    // The next command holds the other end; ours would keep the pipe open.
    if (typeof before === 'object') before.destroy();
  }
  closeSync(log);
  if (operation.stdin !== undefined) children[0]?.stdin?.end(resolve(operation.stdin));
  const codes = await Promise.all(children.map(async (child) => (await once(child, 'exit'))[0]));
  if (codes.some((code) => code !== 0))
    throw new Error(`${context.task} failed bare: ${readFileSync(context.log, 'utf8')}`);
  return true;
}

function fileName(task: string): string {
  return task.replaceAll(/[^\w.-]/g, '_');
}
