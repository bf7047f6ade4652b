import type { Probe } from '@livesys/core/plugin';
import { posix } from 'node:path';

/**
 * The paths that a pattern of glob(7) means, in order: `*`, `?` and sets in any part, none of which
 * matches a leading dot. Named classes such as `[[:digit:]]` are not known. A pattern that matches
 * nothing is itself the answer, as it is for pacman.
 */
export function glob(probe: Probe, pattern: string): readonly string[] {
  const parts = posix.normalize(pattern).split('/').filter(Boolean);
  const found = parts.reduce<readonly string[]>(
    (folders, part) => folders.flatMap((folder) => inside(probe, folder, part)),
    ['/'],
  );
  const there = found.filter((path) => probe.realPath(path) !== undefined);
  return there.length > 0 ? there : [pattern];
}

function inside(probe: Probe, folder: string, part: string): readonly string[] {
  if (!/[*?[]/.test(part)) return [posix.join(folder, part.replaceAll(/\\(.)/g, '$1'))];
  const expression = new RegExp(`^${source(part)}$`, 's');
  const hidden = part.startsWith('.');
  return probe
    .list(folder)
    .filter((name) => hidden || !name.startsWith('.'))
    .filter((name) => expression.test(name))
    .toSorted()
    .map((name) => posix.join(folder, name));
}

const TOKEN = /\\(.)|\*|\?|\[([!^]?)(\]?[^\]]*)\]|(.)/gs;

/** A part as a regular expression. */
function source(part: string): string {
  return part.replaceAll(TOKEN, (token, escaped?: string, not?: string, set?: string) => {
    if (token === '*') return '.*';
    if (token === '?') return '.';
    if (set === undefined)
      return (escaped ?? token).replace(/[.*+?^${}()|[\]\\/-]/, String.raw`\$&`);
    return `[${not === '' ? '' : '^'}${set.replaceAll(/[[\]\\^]/g, String.raw`\$&`)}]`;
  });
}
