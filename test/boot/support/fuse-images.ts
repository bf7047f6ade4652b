import { mkdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';

import { run } from './run.ts';

/** How to make and to mount what no tool can fill without mounting it. */
const KINDS = {
  exfat: { make: 'mkfs.exfat "$image"', mount: 'mount.exfat-fuse "$loop" "$at"' },
  ntfs: { make: 'mkntfs --quick --force "$image"', mount: 'ntfs-3g "$loop" "$at"' },
} as const;

/** An exFAT or NTFS in a file, with what lies in a folder. Needs root. Gives its path. */
export function makeFuseImage(image: string, type: keyof typeof KINDS, folder: string): string {
  rmSync(image, { force: true });
  writeFileSync(image, '');
  truncateSync(image, 16 * 2 ** 20);
  const at = `${image}.mounted`;
  mkdirSync(at);
  const { make, mount } = KINDS[type];
  const script = `set -eu; image=$1 at=$2 folder=$3
    ${make} >/dev/null 2>&1
    loop=$(losetup --find --show "$image")
    trap 'losetup --detach "$loop"' EXIT
    ${mount} >/dev/null
    cp -r "$folder/." "$at/" || { umount "$at"; exit 1; }
    umount "$at"`;
  run(['sh', '-c', script, 'sh', image, at, folder]);
  rmSync(at, { recursive: true });
  return image;
}
