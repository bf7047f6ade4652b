import { lstat, readdir } from 'node:fs/promises';
import { NOTHING } from '../../plan/keys.ts';
import { Matcher } from '../../rules/matcher.ts';

/**
 * What of folders that were laid over a layer is in it and matches what is left out of it: relative
 * names, each ended by a zero byte. `leftOut` has a pattern of tar on each line, from `./` on.
 */
export async function laidNames(
  folders: readonly string[],
  layer: { readonly in: string; readonly leftOut: string },
): Promise<Buffer> {
  const excludes = layer.leftOut.split('\n').filter(Boolean);
  const matcher = new Matcher({
    ...NOTHING,
    excludes: excludes.map((line) => line.replace(/^\./, '')),
  });
  const names = new Set<string>();
  for (const folder of folders) {
    for (const { name, isFolder } of await namesIn(Buffer.from(folder))) {
      if (matcher.judge(name, isFolder) === 'out' && (await isThere(below(layer.in, name))))
        names.add(name.slice(1));
    }
  }
  return Buffer.from(
    [...names]
      .toSorted()
      .map((name) => `${name}\0`)
      .join(''),
    'latin1',
  );
}

interface Entry {
  /** Absolute below the folder; bytes, one character each. */
  readonly name: string;
  readonly isFolder: boolean;
}

async function namesIn(root: Buffer, above = ''): Promise<readonly Entry[]> {
  const entries: Entry[] = [];
  const found = await readdir(below(root, above), { withFileTypes: true, encoding: 'buffer' });
  for (const entry of found) {
    const name = `${above}/${entry.name.toString('latin1')}`;
    const isFolder = entry.isDirectory();
    entries.push({ name, isFolder });
    if (isFolder) entries.push(...(await namesIn(root, name)));
  }
  return entries;
}

/** Commands that ran later may have taken it away. */
async function isThere(path: Buffer): Promise<boolean> {
  return (await lstat(path).catch(() => undefined)) !== undefined;
}

function below(root: string | Buffer, name: string): Buffer {
  return Buffer.concat([Buffer.from(root), Buffer.from(name, 'latin1')]);
}
