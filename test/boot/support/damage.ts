import { constants, copyFileSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';

import { fileBytes, readBytes } from '../../../packages/cli/src/disk/bytes.ts';
import { Iso9660 } from '../../../packages/cli/src/medium/iso9660.ts';

const LAYERS = '/livesys/layers';

/**
 * What can be wrong with a layer: its name is gone, its end is missing, or one bit is another; with
 * bytes, the first bit of those, which must lie in the layer as they are.
 */
export type Damage = 'missing' | 'truncated' | 'flipped' | Buffer;

/** Copies an ISO with damage done to some of its layers, by bytes: everything else stays in place. */
export async function damagedCopy(
  iso: string,
  folder: string,
  damages: Readonly<Record<string, Damage>>,
): Promise<string> {
  const copy = join(folder, 'damaged.iso');
  copyFileSync(iso, copy, constants.COPYFILE_FICLONE);
  const file = await open(copy, 'r+');
  try {
    for (const [layer, damage] of Object.entries(damages)) await harm(file, layer, damage);
  } finally {
    await file.close();
  }
  return copy;
}

async function harm(file: FileHandle, layer: string, damage: Damage): Promise<void> {
  const iso = await Iso9660.open(fileBytes(file));
  const folder = await iso.find(LAYERS);
  const entry = (folder ? await iso.list(folder) : []).find(
    ({ name }) => name.replace(/-[0-9a-f]{16}\.squashfs$/, '') === layer,
  );
  const extent = entry?.extents[0];
  const records = folder?.extents[0];
  if (!entry || !extent || !records) throw new Error(`there is no layer ${layer} on the medium`);
  if (damage === 'flipped') {
    await flipBit(file, extent.offset + Math.floor(extent.length / 2));
    return;
  }
  if (typeof damage !== 'string') {
    const place = (await readBytes(file, extent.offset, extent.length)).indexOf(damage);
    if (place < 0) throw new Error(`the layer ${layer} does not hold these bytes`);
    await flipBit(file, extent.offset + place);
    return;
  }
  const bytes = await readBytes(file, records.offset, records.length);
  const name = bytes.indexOf(Buffer.from(entry.name));
  if (damage === 'missing') {
    await file.write(Buffer.from('_'), 0, 1, records.offset + name);
    return;
  }
  const size = Buffer.alloc(8);
  size.writeUInt32LE(extent.length - 1, 0);
  size.writeUInt32BE(extent.length - 1, 4);
  await file.write(size, 0, size.length, records.offset + recordBefore(bytes, name) + 10);
}

async function flipBit(file: FileHandle, offset: number): Promise<void> {
  const byte = await readBytes(file, offset, 1);
  byte[0] = (byte[0] ?? 0) ^ 1;
  await file.write(byte, 0, 1, offset);
}

/** Where the record of a folder begins that holds what is at `offset`. */
function recordBefore(bytes: Buffer, offset: number): number {
  let start = 0;
  for (let at = 0; at <= offset;) {
    const length = bytes[at] ?? 0;
    // A record never crosses a sector; the rest of one is filled with zeros.
    if (length === 0) at = (Math.floor(at / 2048) + 1) * 2048;
    else {
      start = at;
      at += length;
    }
  }
  return start;
}
