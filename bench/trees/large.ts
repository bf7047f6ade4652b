import { open, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { randomFillSync } from 'node:crypto';
import { assertGoesOn } from '../run.ts';

/** Files that are nearly all hole, such as disks of virtual machines, and what lies in each. */
const SPARSE = { files: 4, bytes: 50 * 2 ** 30, islands: 8 };
/** Files that no compressor makes smaller, such as films. */
const DENSE = { files: 4, bytes: 256 * 2 ** 20 };
const PIECE = 2 ** 20;

export const LARGE = '200 GiB of holes, 1 GiB of noise';

/** Few files: some with 200 GiB of holes and an island here and there, some of random bytes. */
export async function makeLarge(folder: string): Promise<void> {
  for (let file = 0; file < SPARSE.files; file += 1)
    await makeSparse(join(folder, `disk-${file}.img`));
  for (let file = 0; file < DENSE.files; file += 1)
    await makeDense(join(folder, `film-${file}.bin`));
}

async function makeSparse(path: string): Promise<void> {
  await writeFile(path, '');
  await truncate(path, SPARSE.bytes);
  const handle = await open(path, 'r+');
  try {
    for (let island = 0; island < SPARSE.islands; island += 1) {
      const at = Math.floor((SPARSE.bytes / SPARSE.islands) * island);
      await handle.write(Buffer.alloc(4096, `island ${island}`), 0, 4096, at);
    }
  } finally {
    await handle.close();
  }
}

async function makeDense(path: string): Promise<void> {
  const piece = Buffer.alloc(PIECE);
  const handle = await open(path, 'w');
  try {
    for (let written = 0; written < DENSE.bytes; written += PIECE) {
      assertGoesOn();
      await handle.write(randomFillSync(piece));
    }
  } finally {
    await handle.close();
  }
}
