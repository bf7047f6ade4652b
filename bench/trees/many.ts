import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { assertGoesOn } from '../run.ts';

/** Files of the tree. */
export const MANY = 300_000;
const FILES_IN_EACH = 15;
/** How many folders a folder has in it, level by level. */
const SPREAD = [10, 10, 8, 5, 5];
/** Bytes of the largest. */
const LARGEST = 3000;

/** Small files of a few bytes to some thousand, five folders deep and at the end of each way. */
export async function makeMany(folder: string): Promise<void> {
  const content = Buffer.alloc(LARGEST, 'What somebody wrote down, and would like to keep.\n');
  for (let index = 0; index < MANY / FILES_IN_EACH; index += 1) {
    assertGoesOn();
    const inner = join(folder, wayTo(index));
    await mkdir(inner, { recursive: true });
    await Promise.all(
      Array.from({ length: FILES_IN_EACH }, async (_, file) => {
        const size = 1 + ((index * 131 + file * 977) % LARGEST);
        await writeFile(join(inner, `file-${file}.txt`), content.subarray(0, size));
      }),
    );
  }
}

/** The folders that lead to one of those that hold files. */
function wayTo(index: number): string {
  const names: string[] = [];
  let rest = index;
  for (const [level, width] of SPREAD.entries()) {
    names.push(`level-${level}-${rest % width}`);
    rest = Math.floor(rest / width);
  }
  return names.join('/');
}
