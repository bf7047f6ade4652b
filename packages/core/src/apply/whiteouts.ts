import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
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
export async function writeWhiteouts(views: LayerViews, path = ''): Promise<void> {
  for (const entry of await readdir(join(views.upper, path), { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    const inner = join(path, entry.name);
    if (await isDirectory(join(views.lower, inner))) await compare(views, inner);
    await writeWhiteouts(views, inner);
  }
}

async function compare(views: LayerViews, path: string): Promise<void> {
  const before = await readdir(join(views.lower, path));
  const now = new Set(await readdir(join(views.merged, path)));
  const written = new Set(await readdir(join(views.upper, path)));
  for (const name of before) {
    if (!now.has(name) && !written.has(name)) {
      await capture(['mknod', join(views.upper, path, name), 'c', '0', '0']);
    }
  }
}

async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isDirectory();
  } catch {
    return false;
  }
}
