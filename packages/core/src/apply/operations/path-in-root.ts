import { lstat, readlink } from 'node:fs/promises';
import { posix } from 'node:path';

const MAX_LINKS = 40;

/**
 * Where a path of a root lies for us. Symbolic links are followed as the root would follow them
 * and never lead out of it; the last part is not followed, so that it can be replaced.
 */
export async function pathInRoot(root: string, path: string): Promise<string> {
  const plain = posix.resolve('/', path);
  return posix.join(await followedInRoot(root, posix.dirname(plain)), posix.basename(plain));
}

/** As {@link pathInRoot}, with the last part followed too. */
export async function followedInRoot(root: string, path: string): Promise<string> {
  let todo = posix.resolve('/', path).split('/').filter(Boolean);
  let done: string[] = [];
  let links = 0;
  while (todo.length > 0) {
    const [name, ...rest] = todo as [string, ...string[]];
    if (name === '..') {
      done = done.slice(0, -1);
      todo = rest;
      continue;
    }
    const target = await linkTarget(posix.join(root, ...done, name));
    if (target === undefined) {
      if (name !== '.') done.push(name);
      todo = rest;
      continue;
    }
    links += 1;
    if (links > MAX_LINKS) throw new Error(`too many symbolic links in ${path}`);
    if (target.startsWith('/')) done = [];
    todo = [...target.split('/').filter(Boolean), ...rest];
  }
  return posix.join(root, ...done);
}

async function linkTarget(path: string): Promise<string | undefined> {
  try {
    return (await lstat(path)).isSymbolicLink() ? await readlink(path) : undefined;
  } catch {
    return undefined;
  }
}
