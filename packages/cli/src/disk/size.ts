import type { Stats } from 'node:fs';
import { readFile } from 'node:fs/promises';

/** Bytes of a file, or of a block device, whose own size is always 0. Needs no root. */
export async function sizeOf(stats: Stats): Promise<number> {
  if (!stats.isBlockDevice()) return stats.size;
  const sectors = await readFile(`/sys/dev/block/${deviceNumber(stats.rdev)}/size`, 'utf8');
  // The kernel counts sectors of 512 bytes, whatever the device has.
  return Number(sectors) * 512;
}

/** `8:16`, as sysfs names a device. */
function deviceNumber(rdev: number): string {
  // As in <sys/sysmacros.h>; numbers of devices have more than 32 bits only in theory.
  const major = (rdev >>> 8) & 0xfff;
  const minor = (rdev & 0xff) | ((rdev >>> 12) & 0xff_ff00);
  return `${major}:${minor}`;
}
