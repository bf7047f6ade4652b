import type { BootEntry, BootloaderContext } from '@livesys/core/plugin';

export type LinuxEntry = Extract<BootEntry, { kind: 'linux' }>;

/** Lines of a menu that a text screen of 640x480 shows without scrolling. */
const SCREEN = 12;

/** The entries that start the live system. */
export function linuxEntries({
  entries,
}: Pick<BootloaderContext, 'entries'>): readonly LinuxEntry[] {
  return entries.filter((entry) => entry.kind === 'linux');
}

/**
 * What the first page shows, and what a submenu below it. The default and its way out of bad
 * graphics always stay on it, so that they can be reached in the dark; then profiles in their order,
 * then checking the medium and setting it up, as long as they fit.
 */
export function arrange({ entries, menu }: Pick<BootloaderContext, 'entries' | 'menu'>): {
  readonly shown: readonly LinuxEntry[];
  readonly more: readonly LinuxEntry[];
} {
  const linux = linuxEntries({ entries });
  const main = linux.find((entry) => entry.id === menu.defaultEntry) ?? linux[0];
  const rank = (entry: LinuxEntry): number => {
    if (entry === main) return 0;
    if (entry.purpose === 'safe-graphics') return entry.profile === main?.profile ? 1 : OTHER;
    return RANKS[entry.purpose] ?? OTHER;
  };
  // One line is for the submenu.
  const room = SCREEN - 1 - (entries.length - linux.length);
  const first = linux
    .filter((entry) => rank(entry) < OTHER)
    .toSorted((one, other) => rank(one) - rank(other))
    .slice(0, room);
  return {
    shown: linux.filter((entry) => first.includes(entry)),
    more: linux.filter((entry) => !first.includes(entry)),
  };
}

const OTHER = 9;
const RANKS: Readonly<Record<string, number>> = { normal: 2, verify: 3, 'set-up-persistence': 4 };
