import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

import { LivesysError } from '@livesys/core/plugin';

import { fileBytes, FormatError, partOf } from '../../disk/bytes.ts';
import { type Ext4, readExt4 } from '../../disk/ext4.ts';
import type { Partition } from '../../disk/gpt.ts';
import { useOf } from '../../disk/in-use.ts';
import { isLuks } from '../../disk/luks.ts';
import type { RunProgram } from '../../programs/run-program.ts';
import { systemCode } from '../../terminal/system-error.ts';
import type { Medium } from '../medium.ts';
import { damaged, DataFiles } from './data-files.ts';

/** The place of a medium that keeps changes, while it is open. */
export interface Data {
  readonly fileSystem: Ext4;
  readonly files: DataFiles;
}

/** Whether what a medium keeps can only be read by who knows the passphrase. */
export async function isEncrypted({ path, data: partition }: Medium): Promise<boolean> {
  if (!partition) return false;
  const file = await open(path, 'r');
  try {
    return await isLuks(partOf(fileBytes(file), partition.offset, partition.length));
  } finally {
    await file.close();
  }
}

/** Lends what a medium keeps for reading. Nothing when it has no place for it. */
export async function readData<T>(
  { path, data: partition }: Medium,
  run: RunProgram,
  action: (data: Data) => Promise<T>,
): Promise<T | undefined> {
  if (!partition) return undefined;
  const file = await open(path, 'r');
  try {
    return await action(await dataOf(path, file, partition, run));
  } finally {
    await file.close();
  }
}

/**
 * Lends what a medium keeps for changing. Refused while it is mounted or otherwise used; nobody can
 * mount it meanwhile.
 */
export async function changeData<T>(
  { path, kind, data: partition }: Medium,
  run: RunProgram,
  action: (data: Data) => Promise<T>,
): Promise<T> {
  if (!partition) throw noData(path);
  const use = await useOf(path, kind, run);
  if (use !== undefined) throw inUse(path, use);
  const file = await openForWriting(path, 0);
  try {
    const data = await dataOf(path, file, partition, run);
    if (!data.fileSystem.clean) await mendData(data);
    // Only now: e2fsck claims a device for itself.
    const claim = kind === 'device' ? await openForWriting(path, constants.O_EXCL) : undefined;
    try {
      return await action(data);
    } finally {
      await claim?.close();
    }
  } finally {
    await file.close();
  }
}

/** Leaves the file system as a clean shutdown leaves it. */
export async function mendData({ fileSystem, files }: Data): Promise<void> {
  if (fileSystem.recovering) await files.recover();
  await files.mend();
}

export async function dataOf(
  path: string,
  file: FileHandle,
  partition: Pick<Partition, 'offset' | 'length'>,
  run: RunProgram,
): Promise<Data> {
  const bytes = partOf(fileBytes(file), partition.offset, partition.length);
  if (await isLuks(bytes)) throw encrypted(path);
  const fileSystem = await readExt4(bytes).catch((error: unknown) => {
    throw error instanceof FormatError ? damaged(path, [error.message]) : error;
  });
  const { blockSize } = fileSystem;
  const files = new DataFiles({ file, path, partition, blockSize }, run);
  return { fileSystem, files };
}

async function openForWriting(path: string, flags: number): Promise<FileHandle> {
  return open(path, constants.O_RDWR | flags).catch((error: unknown) => {
    const code = systemCode(error);
    if (code === 'EBUSY') throw inUse(path, 'in use');
    if (code === 'EACCES' || code === 'EPERM') {
      throw new LivesysError('LIVESYS_NEEDS_ROOT', `This user may not write to ${path}.`);
    }
    throw new LivesysError('LIVESYS_USAGE', `${path} cannot be written to (${code}).`, {
      hint: 'Nothing was changed.',
    });
  });
}

function noData(path: string): LivesysError {
  return new LivesysError('LIVESYS_DATA_MISSING', `${path} has no place to keep anything.`);
}

function encrypted(path: string): LivesysError {
  return new LivesysError(
    'LIVESYS_DATA_ENCRYPTED',
    `What ${path} keeps is encrypted, and so is what was chosen. Nothing was changed.`,
  );
}

function inUse(path: string, use: string): LivesysError {
  return new LivesysError('LIVESYS_DEVICE_IN_USE', `${path} is ${use}. Nothing was changed.`);
}
