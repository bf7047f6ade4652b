import { constants } from 'node:fs';
import { access, chown, mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { OutputRecord } from '../cache/store.ts';
import { LivesysError } from '../errors/livesys-error.ts';
import type { PlanTask } from '../plan/model.ts';
import { capture } from './command-runner.ts';
import { unmountAll } from './mounts.ts';
import type { TaskRun } from './task-run.ts';
import { runOperations } from './task-runner.ts';
import { makeTaskRoot } from './task-root.ts';

/** Where an output is written before it gets its name; beside it, so that renaming is enough. */
export function outputStaging(path: string, run: string): string {
  return join(dirname(path), `.livesys-${run}`);
}

/** Whether the file at the path is what this key made. */
export async function outputIsCurrent(
  record: OutputRecord | undefined,
  key: string,
): Promise<boolean> {
  if (record?.key !== key) return false;
  const found = await stat(record.path).catch(() => undefined);
  return (
    found?.size === record.bytes && found.mtimeMs === record.modified && found.ino === record.inode
  );
}

/** Refuses an output where nothing can be made, and to replace a file that livesys did not make. */
export async function assertOutputFits(path: string, run: TaskRun, force: boolean): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory() === true) throw unwritable(`${path} is a folder.`);
  await assertWritable(dirname(path));
  if (found === undefined || force) return;
  const record = await run.store.findOutput(path);
  const ours = record !== undefined && found.size === record.bytes && found.ino === record.inode;
  if (ours) return;
  throw new LivesysError(
    'LIVESYS_OUTPUT_EXISTS',
    `${path} exists and was not made by livesys from this cache.`,
  );
}

/** Looks at a folder, or at the nearest one above in which it will be made. */
async function assertWritable(folder: string): Promise<void> {
  const found = await stat(folder).catch((error: unknown) => error as NodeJS.ErrnoException);
  if (found instanceof Error) {
    if (found.code === 'ENOENT') return assertWritable(dirname(folder));
    throw unwritable(`${folder} cannot be reached (${found.code ?? found.message}).`);
  }
  if (!found.isDirectory()) throw unwritable(`${folder} is not a folder.`);
  await access(folder, constants.W_OK | constants.X_OK).catch((error: unknown) => {
    const { code = '' } = error as NodeJS.ErrnoException;
    throw unwritable(`${folder} cannot be written (${code}).`);
  });
}

const unwritable = (message: string): LivesysError =>
  new LivesysError('LIVESYS_OUTPUT_UNWRITABLE', message);

/** Makes an output beside its place and renames it; an earlier one stays whole until then. */
export async function runOutput(
  task: PlanTask & { readonly result: { readonly kind: 'output' } },
  key: string,
  run: TaskRun,
  settings: {
    readonly runId: string;
    readonly owner: { readonly uid: number; readonly gid: number };
    readonly imageId: string;
  },
): Promise<OutputRecord> {
  const { path } = task.result;
  const staging = outputStaging(path, settings.runId);
  await makeOwned(dirname(path), settings.owner);
  await mkdir(staging, { recursive: true });
  const root = await makeTaskRoot(task, { ...run, scratch: staging }, join(run.scratch, 'output'));
  const { bind } = await import('./mounts.ts');
  await bind(staging, join(root.root, 'tmp/livesys/out'), { writable: true });
  await runOperations(task, root, run);
  await root.finish();
  await unmountAll(root.root);
  await run.assertSourceWhole();
  const image = join(staging, 'image');
  await capture(['sync', image]);
  await chown(image, settings.owner.uid, settings.owner.gid);
  await rename(image, path);
  await rm(staging, { recursive: true, force: true });
  const made = await stat(path);
  const record = {
    key,
    path,
    bytes: made.size,
    modified: made.mtimeMs,
    inode: made.ino,
    imageId: settings.imageId,
  };
  await run.store.keepOutput(record);
  return record;
}

/** Makes a folder and its missing parents for the person who called. */
async function makeOwned(
  path: string,
  owner: { readonly uid: number; readonly gid: number },
): Promise<void> {
  const first = await mkdir(path, { recursive: true });
  if (first === undefined) return;
  for (let at = path; at.length >= first.length; at = dirname(at))
    await chown(at, owner.uid, owner.gid);
}
