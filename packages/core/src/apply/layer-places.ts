import { chmod, chown, lstat, mkdir, readdir, rename, utimes } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { overlay } from './mounts.ts';

/** A part of a layer that is mounted by itself. */
export interface LayerPlace {
  /** Where it is seen in the tree; the first place of a layer is `/`. */
  readonly at: string;
  /** Folders that show it when stacked, lowest first. */
  readonly folders: readonly string[];
  /** It is shown as it is: overlayfs can stack nothing on a file system of this type. */
  readonly fixed: boolean;
}

/** A place of a whole stack of layers. */
export type TreePlace = LayerPlace;

/** Where a place is seen when a tree is seen in a folder. */
export function seenIn(folder: string, at: string): string {
  return at === '/' ? folder : join(folder, at);
}

/** Puts what layers have at each place of the lowest one above it. */
export async function stackPlaces(
  layers: readonly (readonly LayerPlace[])[],
): Promise<readonly TreePlace[]> {
  const [base = [], ...above] = layers;
  const places: TreePlace[] = [];
  for (const { at, folders, fixed } of base) {
    const more: string[] = [];
    for (const folder of above.flatMap((layer) => layer[0]?.folders ?? [])) {
      const path = seenIn(folder, at);
      if (!fixed && (await isFolder(path))) more.push(path);
    }
    places.push({ at, folders: [...folders, ...more], fixed });
  }
  return places;
}

/** Mounts a tree read-only, each of its places by itself. */
export async function mountPlaces(
  places: readonly TreePlace[],
  root: string,
  options: { readonly lowerPoints: string; readonly rootless: boolean },
): Promise<void> {
  for (const [index, { at, folders }] of places.entries()) {
    await overlay({
      lowers: folders,
      lowerPoints: join(options.lowerPoints, `place-${index}`),
      at: seenIn(root, at),
      rootless: options.rootless,
    });
  }
}

/** What was written at one place of a tree. */
export interface Upper {
  readonly at: string;
  readonly folder: string;
}

/**
 * Mounts a tree so that it can be written to, each of its places by itself: overlayfs does not see
 * what is mounted below its layers.
 */
export async function mountWritable(
  places: readonly TreePlace[],
  root: string,
  options: {
    readonly lowerPoints: string;
    readonly rootless: boolean;
    /** The same tree without what is written. */
    readonly lower: string;
    /** Gets a folder for each place. */
    readonly folder: string;
  },
): Promise<readonly Upper[]> {
  const uppers: Upper[] = [];
  for (const [index, { at, folders, fixed }] of places.entries()) {
    const shared = {
      lowers: folders,
      lowerPoints: join(options.lowerPoints, `place-${index}`),
      at: seenIn(root, at),
      rootless: options.rootless,
    };
    if (fixed) {
      await overlay(shared);
      continue;
    }
    const suffix = index === 0 ? '' : `-${index}`;
    const upper = join(options.folder, `upper${suffix}`);
    const work = join(options.folder, `work${suffix}`);
    for (const path of [upper, work]) await mkdir(path, { recursive: true });
    // The folder that is written to is seen in place of the one below it.
    if (index > 0) await likeFolder(join(options.lower, at), upper);
    await overlay({ ...shared, writable: { upper, work } });
    uppers.push({ at, folder: upper });
  }
  return uppers;
}

/** Puts what was written at all places into one folder, the first. */
export async function joinUppers(uppers: readonly Upper[], lower: string): Promise<string> {
  const [first, ...rest] = uppers;
  if (first === undefined) throw new Error('nothing could be written to');
  for (const { at, folder } of rest) {
    if ((await readdir(folder)).length === 0) continue;
    await makeFolders(posix.dirname(at), lower, first.folder);
    await rename(folder, join(first.folder, at));
  }
  return first.folder;
}

/** Makes a folder and those above it as they are in the tree below. */
async function makeFolders(path: string, lower: string, upper: string): Promise<void> {
  if (path === '/' || (await isFolder(join(upper, path)))) return;
  await makeFolders(posix.dirname(path), lower, upper);
  await mkdir(join(upper, path));
  await likeFolder(join(lower, path), join(upper, path));
}

/** Gives a folder the owner, mode and times of another one. */
async function likeFolder(from: string, to: string): Promise<void> {
  const { uid, gid, mode, atime, mtime } = await lstat(from);
  await chown(to, uid, gid);
  await chmod(to, mode & 0o7777);
  await utimes(to, atime, mtime);
}

async function isFolder(path: string): Promise<boolean> {
  const found = await lstat(path).catch(() => undefined);
  return found?.isDirectory() === true;
}
