import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { posix } from 'node:path';
import type { Probe, ProbeStat } from '../contract/probe.ts';

const MAX_BYTES = 16 * 1024 * 1024;
const MAX_LINKS = 40;

/** Reads one root file system; links are followed inside it and never out of it. */
export function rootReader(root: string): Probe {
  const lies = (path: string): string => posix.join(root, path);
  return {
    readText(path) {
      const real = follow(root, path);
      if (real === undefined) return undefined;
      return attempt(() =>
        lstatSync(lies(real)).size > MAX_BYTES ? undefined : readFileSync(lies(real), 'utf8'),
      );
    },
    list(path) {
      const real = follow(root, path);
      return real === undefined ? [] : (attempt(() => readdirSync(lies(real)).toSorted()) ?? []);
    },
    stat(path) {
      const parent = follow(root, posix.dirname(path));
      return parent === undefined
        ? undefined
        : attempt(() => statOf(lies(posix.join(parent, posix.basename(path)))));
    },
    realPath: (path) => follow(root, path),
  };
}

function statOf(path: string): ProbeStat {
  const found = lstatSync(path);
  const kind = found.isFile()
    ? 'file'
    : found.isDirectory()
      ? 'directory'
      : found.isSymbolicLink()
        ? 'symlink'
        : 'other';
  return { kind, size: found.size, modified: Math.floor(found.mtimeMs / 1000) };
}

/** Follows symbolic links inside the root; undefined when the path leads nowhere. */
function follow(root: string, path: string): string | undefined {
  let todo = path.split('/').filter(Boolean);
  let done: string[] = [];
  for (let links = 0; todo.length > 0;) {
    const [name, ...rest] = todo as [string, ...string[]];
    todo = rest;
    if (name === '.') continue;
    if (name === '..') {
      done = done.slice(0, -1);
      continue;
    }
    const at = posix.join(root, ...done, name);
    const found = attempt(() => lstatSync(at));
    if (found === undefined) return undefined;
    if (!found.isSymbolicLink()) {
      done.push(name);
      continue;
    }
    links += 1;
    if (links > MAX_LINKS) return undefined;
    const target = readlinkSync(at);
    if (target.startsWith('/')) done = [];
    todo = [...target.split('/').filter(Boolean), ...todo];
  }
  return `/${done.join('/')}`;
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
