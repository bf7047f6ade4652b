import type { Entry, Inventory } from './entry.ts';

/** What two trees have not in common. Lists are sorted by path. */
export interface Differences {
  /** In both, and not the same. */
  readonly differs: readonly { readonly path: string; readonly what: readonly string[] }[];
  /** On the medium alone. */
  readonly added: readonly string[];
  /** In the source alone; `/path/*` for all that is in a folder. */
  readonly leftOut: readonly string[];
  /** How many paths are in both. */
  readonly compared: number;
}

/** Compares a source with what a medium has of it. */
export function compare(source: Inventory, medium: Inventory): Differences {
  const [differs, added]: [Differences['differs'][number][], string[]] = [[], []];
  const links = [groups(source, medium), groups(medium, source)] as const;
  const latest = latestFile(medium);
  for (const [path, entry] of medium) {
    const original = source.get(path);
    if (original === undefined) {
      added.push(path);
      continue;
    }
    const what = aspects(original, entry, latest);
    if (links[0].get(path) !== links[1].get(path)) what.push('hard links');
    if (what.length > 0) differs.push({ path, what });
  }
  return {
    differs: differs.toSorted((one, other) => (one.path < other.path ? -1 : 1)),
    added: added.toSorted(),
    leftOut: leftOut(source, medium),
    compared: medium.size - added.length,
  };
}

function aspects(source: Entry, medium: Entry, latest: number): string[] {
  if (source.type !== medium.type) return ['type'];
  const { type } = source;
  const differences: readonly (readonly [name: string, differs: boolean])[] = [
    ['mode', source.mode !== medium.mode],
    ['owner', source.owner !== medium.owner],
    ['content', type === 'f' && (source.size !== medium.size || source.content !== medium.content)],
    ['target', source.target !== medium.target],
    ['device number', source.device !== medium.device],
    ['time', type === 'f' && !isSameTime(source.time, medium.time, latest)],
    ['holes', source.hasHoles && !medium.hasHoles],
    ['attributes', source.attributes !== medium.attributes],
    ['access lists', source.access !== medium.access],
  ];
  return differences.filter(([, differs]) => differs).map(([name]) => name);
}

function latestFile(inventory: Inventory): number {
  let latest = 0;
  for (const { type, time } of inventory.values())
    if (type === 'f') latest = Math.max(latest, time);
  return latest;
}

/** No file of an image is newer than the image. */
function isSameTime(source: number, medium: number, latest: number): boolean {
  return source === medium || (source > medium && medium === latest);
}

/** The first name of each file of several names, as far as both trees have them. */
function groups(inventory: Inventory, other: Inventory): ReadonlyMap<string, string> {
  const first = new Map<string, string>();
  const found = new Map<string, string>();
  const names = [...inventory.keys()].filter((path) => other.has(path)).toSorted();
  for (const path of names) {
    const sameAs = inventory.get(path)?.sameAs;
    if (sameAs === undefined) continue;
    const name = first.get(sameAs);
    if (name === undefined) first.set(sameAs, path);
    else found.set(path, name);
  }
  return found;
}

/** Names the topmost of what is missing, and a folder of which nothing is left once. */
function leftOut(source: Inventory, medium: Inventory): readonly string[] {
  const keeps = new Set([...medium.keys()].map(folderOf));
  const found = new Set<string>();
  for (const path of source.keys()) {
    const folder = folderOf(path);
    if (medium.has(path) || !medium.has(folder)) continue;
    found.add(keeps.has(folder) ? path : `${folder === '/' ? '' : folder}/*`);
  }
  return [...found].toSorted();
}

function folderOf(path: string): string {
  if (path === '/') return '';
  return path.slice(0, Math.max(1, path.lastIndexOf('/')));
}
