import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './run.ts';

/** What apt knows of a package that can be installed. */
export interface DebianPackage {
  readonly name: string;
  readonly version: string;
  /** Each a list of alternatives. */
  readonly depends: readonly (readonly string[])[];
  readonly description: string;
  readonly homepage: string;
}

let known: ReadonlyMap<string, DebianPackage> | undefined;

/** Looks packages up; those that do not exist, or in name only, are left out. */
export function look(names: readonly string[]): ReadonlyMap<string, DebianPackage> {
  known ??= available();
  const found = new Map<string, DebianPackage>();
  for (const name of names) {
    const one = known.get(name);
    if (one !== undefined) found.set(name, one);
  }
  return found;
}

/** Everything that apt would install, in the version it would take. */
function available(): ReadonlyMap<string, DebianPackage> {
  const stanzas = run('apt-cache', 'dumpavail').split(/\n{2,}/);
  const packages = stanzas.flatMap((stanza) => parse(stanza) ?? []);
  return new Map(packages.map((one) => [one.name, one]));
}

function parse(stanza: string): DebianPackage | undefined {
  const field = (name: string): string =>
    new RegExp(`^${name}: (.*)$`, 'm').exec(stanza)?.[1]?.trim() ?? '';
  if (field('Package') === '' || field('Version') === '') return undefined;
  const relations = [field('Pre-Depends'), field('Depends')].filter(Boolean).join(', ');
  return {
    name: field('Package'),
    version: field('Version'),
    depends: relations
      .split(',')
      .map((one) => one.split('|').map((word) => word.trim().replace(/[ :(].*/, '')))
      .filter(([first]) => first !== undefined && first !== ''),
    description: field('Description(?:-en)?') || 'no description',
    homepage: field('Homepage') || 'https://www.debian.org/',
  };
}

/** Downloads packages, each once, and gives the file of each. */
export function download(
  packages: readonly DebianPackage[],
  folder: string,
): ReadonlyMap<string, string> {
  mkdirSync(folder, { recursive: true });
  const fileOf = ({ name, version }: DebianPackage): string | undefined =>
    readdirSync(folder).find(
      (file) =>
        file.startsWith(
          `${name}_${encodeURIComponent(version).replaceAll('%7E', '~').replaceAll('%2B', '+')}_`,
        ) || file.startsWith(`${name}_${version.replaceAll(':', '%3a')}_`),
    );
  const missing = packages.filter((one) => fileOf(one) === undefined);
  if (missing.length > 0) {
    const names = missing.map(({ name, version }) => `${name}=${version}`);
    run(
      'sh',
      '-c',
      'cd "$1" && shift && apt-get -qq -o APT::Sandbox::User=root download "$@"',
      'sh',
      folder,
      ...names,
    );
  }
  return new Map(packages.map((one) => [one.name, join(folder, fileOf(one) ?? one.name)]));
}
