import { lstat, readdir } from 'node:fs/promises';
import { capture } from './command-runner.ts';

/** The three views of one layer while its overlay is mounted. */
export interface LayerViews {
  /** What the task wrote. */
  readonly upper: string;
  /** What was there before. */
  readonly lower: string;
  /** Both together. */
  readonly merged: string;
}

/**
 * Writes deletions down as whiteouts wherever overlayfs says them in another way. A folder that
 * was replaced is marked opaque, in an attribute that a boot ignores when the layer was built in a
 * user namespace, so that deleted files would come back. Comparing what is seen with what was
 * there finds every such name without reading the attribute.
 */
export async function writeWhiteouts(views: LayerViews): Promise<void> {
  const deleted = await findDeleted(views, Buffer.from('.'));
  if (deleted.length === 0) return;
  // Names are bytes, arguments of a process are text: they are handed over on standard input.
  const input = Buffer.concat(deleted.flatMap((path) => [path, Buffer.alloc(1)]));
  await capture(['xargs', '--null', '-I{}', 'mknod', '{}', 'c', '0', '0'], {
    cwd: views.upper,
    input,
  });
}

/** The names below a folder that were there before and are neither seen nor written now. */
async function findDeleted(views: LayerViews, folder: Buffer): Promise<readonly Buffer[]> {
  const deleted: Buffer[] = [];
  const written = await readdir(inside(views.upper, folder), {
    withFileTypes: true,
    encoding: 'buffer',
  });
  for (const entry of written) {
    if (!entry.isDirectory()) continue;
    const path = inside(folder, entry.name);
    if (await isDirectory(inside(views.lower, path))) deleted.push(...(await compare(views, path)));
    deleted.push(...(await findDeleted(views, path)));
  }
  return deleted;
}

async function compare(views: LayerViews, folder: Buffer): Promise<readonly Buffer[]> {
  const names = async (view: string): Promise<readonly string[]> =>
    (await readdir(inside(view, folder), 'buffer')).map((name) => name.toString('latin1'));
  const kept = new Set([...(await names(views.merged)), ...(await names(views.upper))]);
  const deleted = (await names(views.lower)).filter((name) => !kept.has(name));
  return deleted.map((name) => inside(folder, Buffer.from(name, 'latin1')));
}

function inside(folder: string | Buffer, name: Buffer): Buffer {
  return Buffer.concat([Buffer.from(folder), Buffer.from('/'), name]);
}

async function isDirectory(path: Buffer): Promise<boolean> {
  try {
    return (await lstat(path)).isDirectory();
  } catch {
    return false;
  }
}
