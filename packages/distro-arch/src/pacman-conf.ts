import type { Probe } from '@livesys/core/plugin';
import { posix } from 'node:path';

/** One repository of a pacman.conf. */
export interface Repository {
  readonly name: string;
  /** Addresses, still with `$repo` and `$arch`. */
  readonly servers: readonly string[];
}

/** What a pacman.conf says that matters for a new root. */
export interface PacmanConf {
  readonly repositories: readonly Repository[];
  /** Without `auto`. */
  readonly architectures: readonly string[];
}

const MAX_DEPTH = 5;

/** Reads a pacman.conf with the files that it includes. Source: man pacman.conf(5). */
export function readPacmanConf(probe: Probe, path: string): PacmanConf {
  const sections = new Map<string, string[]>();
  const architectures: string[] = [];
  let section = '';
  for (const line of includedLines(probe, path, MAX_DEPTH)) {
    const name = /^\[(.+)\]$/.exec(line)?.[1];
    if (name !== undefined) {
      section = name;
      if (name !== 'options' && !sections.has(name)) sections.set(name, []);
      continue;
    }
    const [, key = '', value = ''] = /^(\w+)\s*=\s*(.*)$/.exec(line) ?? [];
    if (key === 'Server') sections.get(section)?.push(value);
    if (key === 'Architecture' && section === 'options') architectures.push(...value.split(/\s+/));
  }
  return {
    repositories: [...sections].map(([name, servers]) => ({ name, servers })),
    architectures: architectures.filter((one) => one !== 'auto' && one !== ''),
  };
}

/** The lines of a file without comments, each Include replaced by what it names. */
function includedLines(probe: Probe, path: string, depth: number): readonly string[] {
  const lines = (probe.readText(path) ?? '').split('\n').map((line) => line.trim());
  return lines.flatMap((line) => {
    if (line === '' || line.startsWith('#')) return [];
    const included = /^Include\s*=\s*(\/.*)$/.exec(line)?.[1];
    if (included === undefined) return [line];
    if (depth === 0) return [];
    return expand(probe, included).flatMap((file) => includedLines(probe, file, depth - 1));
  });
}

/** The files that a pattern means. Only the last part of a path may hold one. */
function expand(probe: Probe, pattern: string): readonly string[] {
  const [folder, name] = [posix.dirname(pattern), posix.basename(pattern)];
  if (!/[*?[]/.test(pattern)) return [posix.normalize(pattern)];
  const expression = new RegExp(
    `^${name
      .replaceAll(/[.+^${}()|\\]/g, String.raw`\$&`)
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
  );
  return probe
    .list(posix.normalize(folder))
    .filter((one) => expression.test(one))
    .map((one) => posix.join(folder, one));
}
