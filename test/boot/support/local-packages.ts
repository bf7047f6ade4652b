import { copyFileSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { hashFile } from './decoy.ts';
import { run } from './run.ts';
import { type Additions, cacheFolder, sourceTree } from './source.ts';

/** Nothing that is left out of an image is seen by its build either, so this is packed too. */
const REPOSITORY = 'srv/packages';
const SOURCES = 'etc/apt/sources.list';

/**
 * What makes a source tree install packages without a network: those that were downloaded for its
 * image, and a list of sources that names no others. So neither a mirror that has changed between
 * two builds nor the dates of its signatures make a difference.
 */
export async function makeLocalPackages(folder: string): Promise<Additions> {
  const to = join(folder, REPOSITORY);
  mkdirSync(to, { recursive: true });
  mkdirSync(join(folder, SOURCES, '..'), { recursive: true });
  const from = join(cacheFolder(), 'downloads/debian-bookworm-archives');
  const installed = installedPackages();
  const stanzas: string[] = [];
  for (const file of readdirSync(from).filter((name) => name.endsWith('.deb'))) {
    const name = decodeURIComponent(file);
    if (installed.has(name.replace(/_[^_]+$/, ''))) continue;
    copyFileSync(join(from, file), join(to, name));
    stanzas.push(await describePackage(to, name));
  }
  writeFileSync(join(to, 'Packages'), stanzas.join('\n'));
  writeFileSync(join(folder, SOURCES), `deb [trusted=yes] file:/${REPOSITORY} ./\n`);
  return { folder, paths: [`./${SOURCES}`, `./${REPOSITORY}`] };
}

/** Of the source tree, as `NAME_VERSION`. */
function installedPackages(): ReadonlySet<string> {
  const database = join(sourceTree(), 'var/lib/dpkg');
  const format = ['--show', '--showformat', '${Package}_${Version}\n'];
  return new Set(run(['dpkg-query', '--admindir', database, ...format]).split('\n'));
}

/** The entry of a package in the list that apt reads. */
async function describePackage(folder: string, name: string): Promise<string> {
  const file = join(folder, name);
  return [
    run(['dpkg-deb', '--field', file]).trimEnd(),
    `Filename: ./${name}`,
    `Size: ${statSync(file).size}`,
    `SHA256: ${await hashFile(file)}`,
    '',
  ].join('\n');
}
