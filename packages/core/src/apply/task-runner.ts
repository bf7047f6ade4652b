import { mkdir, readFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { RefTarget } from '../contract/values.ts';
import type { ResultRecord } from '../cache/store.ts';
import { LivesysError } from '../errors/livesys-error.ts';
import type { TaskKey } from '../plan/keys.ts';
import type { PlanTask, PlanText } from '../plan/model.ts';
import { joinUppers, seenIn } from './layer-places.ts';
import { liveReadingOf } from './live-reading.ts';
import { measure } from './measure.ts';
import { unmountAll } from './mounts.ts';
import { runOperation, type OperationContext } from './operations/run-operation.ts';
import { progressOf } from './progress.ts';
import { syncResult } from './sync-result.ts';
import { makeTaskRoot, type TaskRoot } from './task-root.ts';
import type { TaskRun } from './task-run.ts';
import { writeWhiteouts } from './whiteouts.ts';

/** Carries a task out and keeps its result under its key, wholly or not at all. */
export async function runTask(
  task: PlanTask,
  { key, parts }: TaskKey,
  run: TaskRun,
): Promise<ResultRecord> {
  const started = Date.now();
  const folder = join(run.scratch, task.id.replaceAll(/[^\w.-]/g, '_'));
  const staged = join(folder, 'result');
  await mkdir(staged, { recursive: true });
  const root = await makeTaskRoot(task, run, folder);
  await runOperations(task, root, run);
  await root.finish();
  const content = await takeResult(task, root, staged);
  await unmountAll(root.root);
  const { bytes, files } = await measure(content);
  const record = {
    key,
    parts,
    task: task.id,
    milliseconds: Date.now() - started,
    bytes,
    files,
    created: Date.now(),
  };
  await run.assertSourceWhole();
  await syncResult(task.result, content);
  await run.store.keep(record, staged);
  return record;
}

/** Carries out the operations of a task in a root made for it. */
export async function runOperations(task: PlanTask, root: TaskRoot, run: TaskRun): Promise<void> {
  const progress = progressOf(task, root.root, run);
  const reading = liveReadingOf(task, root.root, run);
  const context: OperationContext = {
    root: root.root,
    network: task.network,
    env: { SOURCE_DATE_EPOCH: String(run.plan.sourceDateEpoch) },
    log: join(run.logs, `${task.id.replaceAll(/[^\w.-]/g, '_')}.log`),
    task: task.id,
    blobs: new Set(task.inputs.flatMap((input) => (input.kind === 'blob' ? [input.at] : []))),
    signal: run.signal,
    resolve: await textResolver(task, run),
    onOutput(chunk, kind) {
      progress.output(chunk, kind);
      reading?.read(chunk);
    },
    onStart: progress.start,
  };
  try {
    for (const operation of task.operations) {
      if (run.signal.aborted)
        throw new LivesysError('LIVESYS_INTERRUPTED', 'Interrupted', { task: task.id });
      await runOperation(operation, context);
    }
    for (const message of (await reading?.warnings()) ?? [])
      run.emit({ type: 'warning', task: task.id, message });
  } finally {
    progress.stop();
  }
}

/** Moves what a task made to the staging folder, in the form that later tasks expect. */
async function takeResult(task: PlanTask, root: TaskRoot, staged: string): Promise<string> {
  const content = join(staged, 'content');
  if (task.result.kind === 'layer' && root.uppers !== undefined && root.lower !== undefined) {
    for (const { at, folder } of root.uppers) {
      const views = { lower: seenIn(root.lower, at), merged: seenIn(root.root, at) };
      await writeWhiteouts({ upper: folder, ...views });
    }
    await rename(await joinUppers(root.uppers, root.lower), content);
    return content;
  }
  if (task.result.kind === 'root') await rename(join(root.out, 'root'), content);
  else await rename(root.out, content);
  if (task.result.kind === 'artifacts') {
    for (const name of task.result.outputs) await assertMade(task, join(content, name), name);
  }
  return content;
}

async function assertMade(task: PlanTask, path: string, name: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found !== undefined) return;
  throw new LivesysError(
    'LIVESYS_PLUGIN_DEFECT',
    `${task.id} ended well but did not make its output "${name}".`,
    { task: task.id, plugin: task.plugin },
  );
}

/** Reads the values that are known only now. */
async function textResolver(task: PlanTask, run: TaskRun): Promise<(text: PlanText) => string> {
  const { operationRefs } = await import('../plan/operations.ts');
  const values = new Map<string, string>();
  for (const ref of task.operations.flatMap((operation) => operationRefs(operation))) {
    if (ref.kind !== 'content') continue;
    const value = await readFile(run.artifact(ref.task, ref.output), 'utf8');
    values.set(refKey(ref), value.replace(/\n$/, ''));
  }
  for (const [name, value] of Object.entries(run.secrets)) values.set(`secret ${name}`, value);
  const valueOf = (ref: RefTarget): string => {
    const value = values.get(refKey(ref));
    if (value === undefined)
      throw new LivesysError('LIVESYS_PLAN_INVALID', `The value ${refKey(ref)} is not known.`, {
        task: task.id,
      });
    return value;
  };
  return (text) =>
    typeof text === 'string'
      ? text
      : text.map((part) => (typeof part === 'string' ? part : valueOf(part.ref))).join('');
}

function refKey(ref: RefTarget): string {
  return ref.kind === 'secret' ? `secret ${ref.name}` : `${ref.task}/${ref.output}`;
}
