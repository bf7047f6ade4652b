import { posix } from 'node:path';
import type { Probe } from '@livesys/core/plugin';

/** A root file system as data. Folders are there because something lies in them. */
export interface SampleRoot {
  readonly name: string;
  /** Contents by absolute path. */
  readonly files: Readonly<Record<string, string>>;
  /** Targets of symbolic links by absolute path. */
  readonly links?: Readonly<Record<string, string>>;
}

const MODIFIED = 1_700_000_000;
const MAX_LINKS = 40;

/** Reads a root that exists in memory alone. Throws on a path that is not absolute and plain. */
export function memoryProbe({ files, links = {} }: Omit<SampleRoot, 'name'>): Probe {
  const paths = [...Object.keys(files), ...Object.keys(links)];
  const isFolder = (path: string): boolean =>
    path === '/' || paths.some((one) => one.startsWith(`${path}/`));
  const exists = (path: string): boolean => path in files || isFolder(path);
  const real = (path: string): string | undefined => {
    const end = follow(path, links);
    return end !== undefined && exists(end) ? end : undefined;
  };
  return {
    readText: (path) => files[real(checked(path)) ?? ''],
    list: (path) => {
      const folder = real(checked(path));
      if (folder === undefined || folder in files) return [];
      const start = folder === '/' ? '/' : `${folder}/`;
      const inside = paths.filter((one) => one.startsWith(start));
      return [
        ...new Set(inside.map((one) => one.slice(start.length).split('/')[0] ?? '')),
      ].toSorted();
    },
    stat: (path) => {
      const folder = follow(posix.dirname(checked(path)), links);
      if (folder === undefined) return undefined;
      const at = posix.join(folder, posix.basename(path));
      if (at in links) return { kind: 'symlink', size: links[at]?.length ?? 0, modified: MODIFIED };
      if (at in files) return { kind: 'file', size: files[at]?.length ?? 0, modified: MODIFIED };
      return isFolder(at) ? { kind: 'directory', size: 4096, modified: MODIFIED } : undefined;
    },
    realPath: (path) => real(checked(path)),
  };
}

function checked(path: string): string {
  if (path.startsWith('/') && posix.normalize(path) === path) return path;
  throw new TypeError(`a probe takes absolute, plain paths, not ${JSON.stringify(path)}`);
}

/** Where a path ends after following links; undefined when they go in circles. */
function follow(path: string, links: Readonly<Record<string, string>>): string | undefined {
  let todo = path.split('/').filter(Boolean);
  let done = '/';
  for (let followed = 0; todo.length > 0;) {
    const [name = '', ...rest] = todo;
    const at = posix.join(done, name);
    const target = links[at];
    todo = rest;
    if (target === undefined) {
      done = at;
      continue;
    }
    followed += 1;
    if (followed > MAX_LINKS) return undefined;
    if (target.startsWith('/')) done = '/';
    todo = [...target.split('/').filter(Boolean), ...rest];
  }
  return done;
}
