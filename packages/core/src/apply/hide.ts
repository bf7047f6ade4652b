import { link, mkdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { capture, runPipeline } from './command-runner.ts';
import { overlay, unmount } from './mounts.ts';

/** Paths in one place, absolute there; bytes, one character each. */
export interface Hidden {
  readonly gone: readonly string[];
  /** Folders that stay, with owner, mode and attributes, and nothing in them. */
  readonly emptied: readonly string[];
  /** Files that are given other content, or, without that, what is mounted over them. */
  readonly changed: ReadonlyMap<string, Buffer | undefined>;
}

interface From {
  /** Where the place is seen as it is. */
  readonly seen: string;
  /** Will be made. */
  readonly folder: string;
}

/**
 * Makes a folder that, stacked on a place, hides parts of it: whiteouts for what is gone, and for a
 * folder without its content one that lets nothing below show through, whatever comes into it later.
 */
export async function hide(
  { gone, emptied, changed }: Hidden,
  { seen, folder }: From,
  options: {
    readonly below: readonly string[];
    readonly points: string;
    readonly rootless: boolean;
  },
): Promise<string> {
  const cover = join(folder, 'cover');
  await mkdir(cover, { recursive: true });
  const ways = new Set(['/', ...[...gone, ...emptied, ...changed.keys()].flatMap(foldersAbove)]);
  for (const way of ways) await mkdir(place(cover, way), { recursive: true });
  const whiteouts = new Whiteouts(folder);
  for (const path of [...gone, ...emptied]) await whiteouts.put(place(cover, path));
  if (emptied.length > 0) await closeFolders(emptied, { cover, folder }, options);
  await changeFiles(changed, seen, cover);
  await copyAttributes([...ways, ...emptied], { from: seen, to: cover, folder });
  return cover;
}

/** Copies files with owner, mode, times and attributes, and gives them other content where there is some. */
async function changeFiles(
  changed: ReadonlyMap<string, Buffer | undefined>,
  from: string,
  to: string,
): Promise<void> {
  for (const [path, content] of changed) {
    const [seen, made] = [place(from, path).toString(), place(to, path).toString()];
    await capture(['cp', '--archive', '--remove-destination', seen, made]);
    if (content === undefined) continue;
    const { atime, mtime } = await stat(seen);
    await writeFile(made, content);
    await utimes(made, atime, mtime);
  }
}

/** A copy of a place on which nothing can be stacked, without what is hidden. */
export async function copyWithout({ gone, emptied, changed }: Hidden, from: From): Promise<string> {
  const copy = join(from.folder, 'copy');
  await mkdir(from.folder, { recursive: true });
  await capture(['cp', '--archive', '--no-target-directory', from.seen, copy]);
  for (const path of gone) await rm(place(copy, path), { recursive: true, force: true });
  for (const path of emptied) {
    await rm(place(copy, path), { recursive: true, force: true });
    await mkdir(place(copy, path));
  }
  await changeFiles(changed, from.seen, copy);
  await copyAttributes(emptied, { from: from.seen, to: copy, folder: from.folder });
  return copy;
}

/**
 * A folder made where a whiteout was becomes opaque: overlayfs itself marks it, in the way that it
 * reads here.
 */
async function closeFolders(
  emptied: readonly string[],
  { cover, folder }: { readonly cover: string; readonly folder: string },
  options: {
    readonly below: readonly string[];
    readonly points: string;
    readonly rootless: boolean;
  },
): Promise<void> {
  const work = join(folder, 'work');
  const at = join(options.points, 'cover');
  for (const path of [work, at]) await mkdir(path, { recursive: true });
  await overlay({
    lowers: options.below,
    lowerPoints: join(options.points, 'cover-lowers'),
    at,
    writable: { upper: cover, work },
    rootless: options.rootless,
  });
  for (const path of emptied) await mkdir(place(at, path));
  await unmount(at);
  for (const index of options.below.keys())
    await unmount(join(options.points, 'cover-lowers', String(index)));
  await capture(['rm', '-rf', '--one-file-system', work]);
}

/** Gives folders the owner, mode, times and attributes that they have elsewhere. */
async function copyAttributes(
  folders: readonly string[],
  { from, to, folder }: { readonly from: string; readonly to: string; readonly folder: string },
): Promise<void> {
  const list = join(folder, 'folders');
  const names = folders.map((path) => `.${path === '/' ? '/.' : path}\0`).join('');
  await writeFile(list, Buffer.from(names, 'latin1'));
  await runPipeline({
    network: true,
    commands: [
      [
        ...['tar', '--create', '--directory', from, '--no-recursion', '--format=posix'],
        ...['--null', '--verbatim-files-from', `--files-from=${list}`, '--numeric-owner'],
        ...['--acls', '--xattrs', '--xattrs-include=*'],
        ...['--xattrs-exclude=trusted.overlay.*', '--xattrs-exclude=user.overlay.*'],
      ],
      [
        ...['tar', '--extract', '--directory', to, '--numeric-owner', '--same-owner'],
        ...['--preserve-permissions', '--acls', '--xattrs', '--xattrs-include=*'],
      ],
    ],
  });
}

/** Whiteouts are all alike and may be one file of many names, as far as a file system lets it. */
class Whiteouts {
  readonly #folder: string;
  #first: string | undefined;
  #number = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async put(at: Buffer): Promise<void> {
    const first = (this.#first ??= await this.#make());
    try {
      await link(first, at);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EMLINK') throw error;
      this.#first = undefined;
      await this.put(at);
    }
  }

  async #make(): Promise<string> {
    this.#number += 1;
    const path = join(this.#folder, `whiteout-${this.#number}`);
    await capture(['mknod', path, 'c', '0', '0']);
    return path;
  }
}

function foldersAbove(path: string): readonly string[] {
  const above = posix.dirname(path);
  return above === '/' ? ['/'] : [...foldersAbove(above), above];
}

function place(root: string, path: string): Buffer {
  return Buffer.concat([Buffer.from(root), Buffer.from(path, 'latin1')]);
}
