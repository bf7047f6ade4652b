import { constants } from 'node:fs';
import { access, mkdir, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { LivesysError } from '../errors/livesys-error.ts';
import { diskFull } from './task-error.ts';

/** File systems on which overlayfs cannot write or owners are not kept. Source: man statfs(2). */
const UNSUITABLE: ReadonlyMap<number, string> = new Map([
  [0x79_4c_76_30, 'overlayfs'],
  [0x4d_44, 'FAT'],
  [0x20_11_ba_b0, 'exFAT'],
  [0x53_46_54_4e, 'NTFS'],
  [0x69_69, 'NFS'],
  [0xff_53_4d_42, 'SMB'],
  [0xfe_53_4d_42, 'SMB'],
  [0x65_73_55_46, 'FUSE'],
  [0x01_02_19_97, '9p'],
]);

/** Makes the cache folder and refuses one where layers could not be built. */
export async function assertCacheFits(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o755 }).catch((error: unknown) => {
    throw unsuitable(`The cache ${folder} cannot be made`, error);
  });
  const { type } = await statfs(folder);
  const name = UNSUITABLE.get(type);
  if (name !== undefined)
    throw unsuitable(`The cache ${folder} lies on ${name}, where layers cannot be built`);
  const work = join(folder, 'tmp');
  try {
    await mkdir(work, { recursive: true });
    for (const path of [folder, work]) await access(path, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw unsuitable(`The cache ${folder} cannot be written`, error);
  }
}

function unsuitable(message: string, cause?: unknown): LivesysError {
  const code = (cause as NodeJS.ErrnoException | undefined)?.code;
  if (code === 'ENOSPC') return diskFull(undefined, cause);
  const why = code === undefined ? '' : ` (${code})`;
  return new LivesysError('LIVESYS_CACHE_UNSUITABLE', `${message}${why}.`, { cause });
}
