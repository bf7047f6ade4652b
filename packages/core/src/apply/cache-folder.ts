import { mkdir, statfs } from 'node:fs/promises';
import { LivesysError } from '../errors/livesys-error.ts';

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
    throw new LivesysError('LIVESYS_CACHE_UNSUITABLE', `The cache ${folder} cannot be made.`, {
      cause: error,
    });
  });
  const { type } = await statfs(folder);
  const name = UNSUITABLE.get(type);
  if (name === undefined) return;
  throw new LivesysError(
    'LIVESYS_CACHE_UNSUITABLE',
    `The cache ${folder} lies on ${name}, where layers cannot be built.`,
  );
}
