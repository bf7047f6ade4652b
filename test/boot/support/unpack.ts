import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

import type { Medium } from '../../../packages/cli/src/medium/medium.ts';
import { run } from './run.ts';

/** Copies a layer out of a medium. Gives its path. */
export async function extractLayer(medium: Medium, name: string, folder: string): Promise<string> {
  const layer = medium.manifest.layers.find((one) => one.name === name);
  const entry = await medium.find(layer?.file ?? '');
  if (entry === undefined) throw new Error(`there is no layer ${name}`);
  const path = join(folder, `${name}.squashfs`);
  await pipeline(medium.read(entry), createWriteStream(path));
  return path;
}

/** Unpacks the boot image of a medium, which has one kernel. Gives the folder. */
export async function unpackInitrd(medium: Medium, folder: string): Promise<string> {
  const [kernel] = medium.kernels;
  if (kernel === undefined) throw new Error('there is no kernel');
  const packed = join(folder, 'initrd');
  await pipeline(medium.read(kernel.initrd), createWriteStream(packed));
  const root = join(folder, 'initrd.d');
  run(['sh', '-c', `mkdir '${root}' && cd '${root}' && zstd -dc '${packed}' | cpio -id --quiet`]);
  return root;
}
