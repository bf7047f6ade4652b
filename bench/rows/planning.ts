import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { median, row, type Row } from '../row.ts';
import type { Workspace } from '../workspace.ts';

const FOLDERS = 1000;
const FILES_IN_EACH = 99;
const PAIRS = 5;

/** What 100,000 more files cost `livesys plan`, which looks at each of them. */
export async function measurePlanning(
  workspace: Workspace,
  say: (line: string) => void,
): Promise<Row> {
  say('planning with 100,000 more files ...');
  const cache = await workspace.freshCache('planning');
  const many = join(workspace.overlay, 'many');
  const aside = join(workspace.folder, 'many');
  await fill(aside);
  const plan = async (): Promise<number> => (await workspace.livesys(cache, ['plan'])).seconds;
  await plan();
  const without: number[] = [];
  const withThem: number[] = [];
  for (let pair = 0; pair < PAIRS; pair += 1) {
    without.push(await plan());
    await rename(aside, many);
    withThem.push(await plan());
    await rename(many, aside);
  }
  await rm(aside, { recursive: true });
  return row({
    ...{ id: 'planning', title: 'planning, each 100,000 files', unit: 's', bar: 1 },
    figure: median(withThem.map((seconds, index) => seconds - (without[index] ?? 0))),
    samples: { with: withThem, without },
  });
}

async function fill(folder: string): Promise<void> {
  for (let index = 0; index < FOLDERS; index += 1) {
    const inner = join(folder, String(index));
    await mkdir(inner, { recursive: true });
    const names = Array.from({ length: FILES_IN_EACH }, (_, file) => join(inner, `file-${file}`));
    await Promise.all(names.map(async (name) => writeFile(name, 'small\n')));
  }
}
