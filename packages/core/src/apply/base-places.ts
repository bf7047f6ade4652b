import { lstat, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { MountFacts } from '../contract/facts.ts';
import type { LeaveOut, PlanLayer } from '../plan/model.ts';
import { LivesysError } from '../errors/livesys-error.ts';
import { blankPasswords, fileNames } from '../identity/password-files.ts';
import { isWithin } from '../probe/mount-table.ts';
import { bytesOf } from '../rules/pattern.ts';
import { copyWithout, hide, type Hidden } from './hide.ts';
import { seenIn, type LayerPlace } from './layer-places.ts';
import { bind, overlay, unmountAll } from './mounts.ts';
import { walk } from './walk.ts';

/** File systems on which overlayfs stacks nothing: names differ in more than their bytes there. */
const FIXED = new Set(['exfat', 'fuseblk', 'hfs', 'hfsplus', 'msdos', 'ntfs', 'ntfs3', 'vfat']);

/** Where a layer that is no result of a task lies. `kept` is where results of a cache are. */
export function placesOf(layer: PlanLayer, kept: (key: string) => string): readonly LayerPlace[] {
  if (layer.kind === 'mounts') {
    return layer.mounts.filter(({ is }) => is === 'in').map((mount) => livePlace(mount));
  }
  const folder = layer.kind === 'directory' ? layer.path : kept(keyOf(layer));
  return [{ at: '/', folders: [folder], fixed: false }];
}

/** A mount of the running system as it is while it is read. */
export function livePlace({ at, type }: MountFacts): LayerPlace {
  return { at, folders: [at], fixed: at !== '/' && FIXED.has(type) };
}

const keyOf = (layer: PlanLayer): string => (layer.kind === 'cached' ? layer.key : '');

export interface BaseOptions {
  /** For what hides things; on the disk of the cache. */
  readonly folder: string;
  /** For mounts, in memory. */
  readonly points: string;
  readonly rootless: boolean;
  /** Whether the cache lies in a place, where no folder of a stack may lie in another one. */
  readonly holdsCache: (place: LayerPlace) => boolean;
}

/**
 * The places of a base without what is left out of it. Nothing is taken from a tool that packs it:
 * no tool gets to see it, nor does a task that makes a layer above, which could copy it there.
 */
export async function trimmed(
  places: readonly LayerPlace[],
  leaveOut: LeaveOut,
  options: BaseOptions,
): Promise<readonly LayerPlace[]> {
  const view = join(options.points, 'base');
  await mkdir(view, { recursive: true });
  for (const { at, folders } of places) await bind(folders[0] ?? '/', seenIn(view, at));
  const left = await findLeftOut(view, leaveOut);
  const all = [...left.gone, ...left.emptied];
  const kept = places.filter(
    ({ at }) => at === '/' || !all.some((path) => isWithin(bytesOf(at), path)),
  );
  const files = await mountedFiles(kept, view);
  const stay = kept.filter(({ at }) => !files.has(bytesOf(at)));
  const blanked = await withoutPasswords(view, left.withPasswords);
  const result: LayerPlace[] = [];
  for (const [index, place] of stay.entries()) {
    const isOwn = (path: string): boolean => holder(path, stay) === place;
    const own = (paths: readonly string[]): readonly string[] =>
      paths.filter(isOwn).map((path) => below(path, place.at));
    const hidden = {
      ...{ gone: own(left.gone), emptied: own(left.emptied) },
      changed: new Map(
        [...files, ...blanked]
          .filter(([path]) => isOwn(path))
          .map(([path, text]) => [below(path, place.at), text]),
      ),
    };
    result.push(await trimPlace(place, hidden, view, { ...options, name: `place-${index}` }));
  }
  await unmountAll(view);
  return result;
}

async function trimPlace(
  place: LayerPlace,
  hidden: Hidden,
  view: string,
  options: BaseOptions & { readonly name: string },
): Promise<LayerPlace> {
  const { at, folders, fixed } = place;
  const nothing = hidden.gone.length + hidden.emptied.length + hidden.changed.size === 0;
  const holdsCache = !fixed && options.holdsCache(place);
  const parent = holdsCache ? join(options.points, 'covers') : options.folder;
  const from = { seen: seenIn(view, at), folder: join(parent, options.name) };
  if (nothing && !holdsCache) return place;
  if (fixed) return { ...place, folders: [await copyWithout(hidden, from)] };
  const cover = await hide(hidden, from, { ...options, below: folders });
  if (!holdsCache) return { ...place, folders: [...folders, cover] };
  return { ...place, folders: [await closed([...folders, cover], join(from.folder, 'closed'))] };
}

/**
 * Stacked by itself: a stack takes no folder that lies in another one of it, and results lie in the
 * cache, which lies in the running system. An overlay on another one is as deep as the kernel goes.
 */
async function closed(folders: readonly string[], at: string): Promise<string> {
  await mkdir(at, { recursive: true });
  await overlay({ lowers: folders, lowerPoints: `${at}-lowers`, at, rootless: false });
  return at;
}

/**
 * What is mounted over a single file, by path: it becomes a file of the place around it, which is the
 * only way in which a layer above can replace it.
 */
async function mountedFiles(
  places: readonly LayerPlace[],
  view: string,
): Promise<ReadonlyMap<string, undefined>> {
  const files = new Map<string, undefined>();
  for (const { at } of places) {
    const found = await lstat(seenIn(view, at));
    if (!found.isDirectory()) files.set(bytesOf(at), undefined);
  }
  return files;
}

const below = (path: string, at: string): string =>
  at === '/' ? path : path.slice(bytesOf(at).length);

/** Absolute paths in the tree; bytes, one character each. */
interface LeftOut {
  readonly gone: readonly string[];
  readonly emptied: readonly string[];
  /** Files that stay, and may hold passwords. */
  readonly withPasswords: readonly string[];
}

async function findLeftOut(view: string, leaveOut: LeaveOut): Promise<LeftOut> {
  const [gone, emptied, withPasswords]: [string[], string[], string[]] = [[], [], []];
  const mayHold = fileNames(leaveOut.passwords ?? []);
  const { failed, stderr } = await walk({
    root: view,
    leaveOut,
    onEntry({ path, verdict, type }) {
      if (verdict === 'out') gone.push(path);
      if (verdict === 'empty') emptied.push(path);
      if (verdict === 'in' && type === 'f' && mayHold(path)) withPasswords.push(path);
    },
  });
  if (!failed) return { gone, emptied, withPasswords };
  throw new LivesysError('LIVESYS_SOURCE_UNREADABLE', 'Parts of the source cannot be read.', {
    details: stderr.split('\n').filter(Boolean).slice(0, 10),
  });
}

/** What becomes of files with passwords or hashes of them, by path; only of those that have some. */
async function withoutPasswords(
  view: string,
  files: readonly string[],
): Promise<ReadonlyMap<string, Buffer>> {
  const changed = new Map<string, Buffer>();
  for (const path of files) {
    const text = await readFile(Buffer.from(`${bytesOf(view)}${path}`, 'latin1'), 'latin1');
    const blank = blankPasswords(path, text);
    if (blank !== text) changed.set(path, Buffer.from(blank, 'latin1'));
  }
  return changed;
}

/** The place that a path lies in: the innermost. */
function holder(path: string, places: readonly LayerPlace[]): LayerPlace | undefined {
  return places
    .filter(({ at }) => isWithin(path, bytesOf(at)))
    .reduce<LayerPlace | undefined>(
      (inner, place) => (inner === undefined || place.at.length > inner.at.length ? place : inner),
      undefined,
    );
}
