import type { Probe } from '../contract/probe.ts';
import { withoutOctalEscapes } from './octal-escapes.ts';

/** One mount as the kernel lists it. */
export interface MountEntry {
  readonly id: string;
  readonly parent: string;
  /** `major:minor` of the file system's device. */
  readonly number: string;
  /** The folder of the file system that is shown. */
  readonly root: string;
  readonly at: string;
  readonly flags: readonly string[];
  readonly type: string;
  readonly device: string;
  /** Options of the file system, which all of its mounts share, but for those of a btrfs subvolume. */
  readonly options: string;
}

/** Reads mountinfo, in order. Source: man proc(5). */
function parseMountinfo(text: string): readonly MountEntry[] {
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line) => {
    const [before = '', after = ''] = line.split(' - ');
    const [id = '', parent = '', number = '', root = '', at = '', flags = ''] = before.split(' ');
    const [type = '', device = '', options = ''] = after.split(' ');
    return {
      ...{ id, parent, number, type, flags: flags.split(',') },
      root: withoutOctalEscapes(root),
      at: withoutOctalEscapes(at),
      device: withoutOctalEscapes(device),
      options: withoutOctalEscapes(options),
    };
  });
}

/** A mount at its place in the list, with those that it lies in or on. */
interface Placed extends Pick<MountEntry, 'at' | 'id'> {
  readonly index: number;
  readonly above: ReadonlySet<string>;
}

/**
 * The mounts that a path can lead to, `/` first, each after what it is mounted in. What lies below a
 * later mount is hidden, and what it was moved onto; so is a mount whose place was removed.
 */
export function visibleMounts(probe: Probe): readonly MountEntry[] {
  const entries = parseMountinfo(probe.readText('/proc/self/mountinfo') ?? '');
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  const places = new Map<string, Placed[]>();
  for (const [index, entry] of entries.entries()) {
    const { at, id } = entry;
    places.set(at, [...(places.get(at) ?? []), { at, id, index, above: ancestors(entry, byId) }]);
  }
  const seen = entries.filter((entry, index) => {
    if (entry.at.endsWith('//deleted')) return false;
    const above = ancestors(entry, byId);
    const over = foldersTo(entry.at).flatMap((folder) => places.get(folder) ?? []);
    return !over.some((other) => {
      if (above.has(other.id)) return false;
      return other.index > index || (other.at === entry.at && other.above.has(entry.id));
    });
  });
  return seen.toSorted((a, b) => (a.at < b.at ? -1 : 1));
}

/** A path and all folders above it, `/` first. */
export function foldersTo(path: string): readonly string[] {
  const folders = ['/'];
  for (let end = 1; end > 0 && end < path.length;) {
    end = path.indexOf('/', end);
    folders.push(end < 0 ? path : path.slice(0, end));
    if (end > 0) end += 1;
  }
  return folders;
}

/** The subvolume that a mount of a btrfs shows, or shows a folder of: its path from the top. */
export function subvolumeOf({ options }: MountEntry): string {
  return /(?:^|,)subvol=(\/.*)$/s.exec(options)?.[1] ?? '/';
}

/** Whether a path is a folder or lies in it. */
export function isWithin(path: string, folder: string): boolean {
  return folder === '/' || path === folder || path.startsWith(`${folder}/`);
}

function ancestors(
  { parent }: MountEntry,
  byId: ReadonlyMap<string, MountEntry>,
): ReadonlySet<string> {
  const found = new Set<string>();
  for (let above = byId.get(parent); above !== undefined && !found.has(above.id);) {
    found.add(above.id);
    above = byId.get(above.parent);
  }
  return found;
}
