import type { Probe } from '../contract/probe.ts';

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
      root: unescaped(root),
      at: unescaped(at),
      device: unescaped(device),
      options: unescaped(options),
    };
  });
}

/**
 * The mounts that a path can lead to, `/` first, each after what it is mounted in. What lies below a
 * later mount is hidden.
 */
export function visibleMounts(probe: Probe): readonly MountEntry[] {
  const entries = parseMountinfo(probe.readText('/proc/self/mountinfo') ?? '');
  const seen = entries.filter((entry, index) => {
    const above = ancestors(entry, entries);
    return !entries.some(
      (other, place) =>
        other !== entry && place > index && isWithin(entry.at, other.at) && !above.has(other.id),
    );
  });
  return seen.toSorted((a, b) => (a.at < b.at ? -1 : 1));
}

/** The subvolume that a mount of a btrfs shows, or shows a folder of: its path from the top. */
export function subvolumeOf({ options }: MountEntry): string {
  return /(?:^|,)subvol=(\/.*)$/s.exec(options)?.[1] ?? '/';
}

/** Whether a path is a folder or lies in it. */
export function isWithin(path: string, folder: string): boolean {
  return folder === '/' || path === folder || path.startsWith(`${folder}/`);
}

function ancestors(entry: MountEntry, entries: readonly MountEntry[]): ReadonlySet<string> {
  const found = new Set<string>();
  let { parent } = entry;
  for (;;) {
    const above = entries.find(({ id }) => id === parent);
    if (above === undefined || found.has(above.id)) return found;
    found.add(above.id);
    ({ parent } = above);
  }
}

/** The kernel writes spaces, tabs, line breaks and backslashes as octal numbers. */
function unescaped(text: string): string {
  return text.replaceAll(/\\(\d{3})/g, (_, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
}
