import { constants } from 'node:fs';
import { access, type FileHandle, open } from 'node:fs/promises';

import { LivesysError } from '@livesys/core/plugin';

import { fillBuffer } from '../disk/bytes.ts';
import { sizeOf } from '../disk/size.ts';
import { programFailed, type RunProgram } from '../programs/run-program.ts';
import { systemCode } from '../terminal/system-error.ts';

/** A device that is written to. Tests put others in its place: too short, pulled, worn out. */
export interface Target {
  readonly path: string;
  readonly bytes: number;
  /** Fills the buffer, or throws. */
  read(buffer: Buffer, offset: number): Promise<void>;
  write(buffer: Buffer, offset: number): Promise<void>;
  /** Done when everything written is on the device. */
  sync(): Promise<void>;
  /** From now on the device itself is read, not what the kernel remembers. */
  forget(signal: AbortSignal): Promise<void>;
  /** Lets a program claim the device while `action` runs. */
  lend<T>(action: () => Promise<T>): Promise<T>;
  /** Whether it is still plugged in. */
  isThere(): Promise<boolean>;
  /** Tells the kernel of the new partitions and lets go. */
  close(): Promise<void>;
}

export type OpenTarget = (path: string, run: RunProgram) => Promise<Target>;

/**
 * Claims a block device. The kernel refuses one of which any part is mounted or claimed, in
 * whatever namespace, and nobody can mount it while it is open.
 */
export const openTarget: OpenTarget = async (path, run) => {
  let file = await claim(path);
  const bytes = await sizeOf(await file.stat());
  return {
    path,
    bytes,
    read: (buffer, offset) => fillBuffer(file, buffer, offset),
    write: (buffer, offset) => writeAll(file, buffer, offset),
    sync: () => file.datasync(),
    async forget(signal) {
      await file.sync();
      const purpose = 'makes the kernel forget what it remembers of a device';
      const result = await run(['blockdev', '--flushbufs', path], { purpose, signal });
      if (result.code !== 0) throw programFailed(result);
    },
    async lend(action) {
      await file.sync();
      await file.close();
      try {
        return await action();
      } finally {
        file = await claim(path);
      }
    },
    isThere: () =>
      access(path).then(
        () => true,
        () => false,
      ),
    async close() {
      // Loop devices without partitions refuse; udev does the same on its own after closing.
      await run(['blockdev', '--rereadpt', path], { purpose: 'tells the kernel of partitions' });
      await file.close();
    },
  };
};

async function claim(path: string): Promise<FileHandle> {
  return open(path, constants.O_RDWR | constants.O_EXCL).catch((error: unknown) => {
    const code = systemCode(error);
    if (code === 'EBUSY') {
      throw new LivesysError('LIVESYS_DEVICE_IN_USE', `${path} is in use.`, { cause: error });
    }
    if (code === 'EACCES' || code === 'EPERM') {
      throw new LivesysError('LIVESYS_NEEDS_ROOT', `Only root may write to ${path}.`);
    }
    throw error;
  });
}

async function writeAll(file: FileHandle, buffer: Buffer, offset: number): Promise<void> {
  for (let done = 0; done < buffer.length;) {
    const { bytesWritten } = await file.write(buffer, done, buffer.length - done, offset + done);
    if (bytesWritten === 0) throw endOfDevice(offset + done);
    done += bytesWritten;
  }
}

function endOfDevice(offset: number): Error {
  return Object.assign(new Error(`the device ends at byte ${offset}`), { code: 'ENOSPC' });
}
