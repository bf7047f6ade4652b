import type { Probe } from '@livesys/core/plugin';

/** Where pacman keeps a folder for each installed package. */
export const LOCAL_DATABASE = '/var/lib/pacman/local';

/**
 * Installed packages with their versions, sorted by name. The names of the folders say both, as
 * libalpm itself takes them: `linux-lts-6.6.63-1` is `linux-lts` in the version `6.6.63-1`.
 */
export function packageVersions(probe: Probe): Readonly<Record<string, string>> {
  const entries = probe.list(LOCAL_DATABASE).flatMap((folder) => splitName(folder) ?? []);
  const found = entries.map(({ name, version }): [string, string] => [name, version]);
  return Object.fromEntries(found.sort(([a], [b]) => (a < b ? -1 : Number(a > b))));
}

/** Neither a version nor a release of pacman's has a dash in it. */
function splitName(folder: string): { name: string; version: string } | undefined {
  const [, name, version] = /^(.+)-([^-]+-[^-]+)$/.exec(folder) ?? [];
  return name === undefined || version === undefined ? undefined : { name, version };
}

/** One field of what pacman knows of an installed package, such as `%ARCH%`; its lines. */
export function field(
  probe: Probe,
  packages: Readonly<Record<string, string>>,
  name: string,
  key: string,
): readonly string[] {
  return section(probe.readText(databaseFile(packages, name, 'desc')) ?? '', key);
}

/** The files of an installed package, without the first slash. */
export function packageFiles(
  probe: Probe,
  packages: Readonly<Record<string, string>>,
  name: string,
): readonly string[] {
  return section(probe.readText(databaseFile(packages, name, 'files')) ?? '', 'FILES');
}

function databaseFile(
  packages: Readonly<Record<string, string>>,
  name: string,
  file: string,
): string {
  return `${LOCAL_DATABASE}/${name}-${packages[name] ?? ''}/${file}`;
}

/** The lines between `%KEY%` and the next empty one. */
function section(text: string, key: string): readonly string[] {
  const lines = text.split('\n');
  const start = lines.indexOf(`%${key}%`);
  if (start < 0) return [];
  const end = lines.indexOf('', start);
  return lines.slice(start + 1, end < 0 ? undefined : end);
}
