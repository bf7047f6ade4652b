import { chown, mkdir, rename, rm, stat } from 'node:fs/promises';
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

/** Refuses to replace a file that livesys did not make. */
export async function assertReplaceable(path: string, run: TaskRun, force: boolean): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined || force) return;
  const record = await run.store.findOutput(path);
  const ours = record !== undefined && found.size === record.bytes && found.ino === record.inode;
  if (found.isFile() && ours) return;
  throw new LivesysError(
    'LIVESYS_OUTPUT_EXISTS',
    `${path} exists and was not made by livesys from this cache.`,
  );
}

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
