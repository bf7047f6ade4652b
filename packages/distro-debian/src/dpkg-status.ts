import { parseStanzas } from './stanzas.ts';

/** What the package database says about one installed package. */
export interface InstalledPackage {
  readonly name: string;
  readonly version: string;
  /** As Debian writes it, or `all`. */
  readonly architecture: string;
}

/** States in which the files of a package are in place. */
const INSTALLED = new Set(['installed', 'triggers-pending', 'triggers-awaited']);

/** Reads `/var/lib/dpkg/status`: installed packages only, in the order of the file. */
export function parseDpkgStatus(text: string): readonly InstalledPackage[] {
  return parseStanzas(text).flatMap((fields) => {
    const [name, version] = [fields.get('package'), fields.get('version')];
    const state = fields.get('status')?.split(' ')[2] ?? '';
    if (name === undefined || version === undefined || !INSTALLED.has(state)) return [];
    return [{ name, version, architecture: fields.get('architecture') ?? 'all' }];
  });
}

/**
 * Versions by name, sorted. A package of another architecture than the root's own is named as apt
 * does it, `libc6:i386`, because it may be installed beside the native one.
 */
export function packageVersions(
  installed: readonly InstalledPackage[],
  nativeArchitecture: string,
): Readonly<Record<string, string>> {
  const entries = installed.map(({ name, version, architecture }): [string, string] => {
    const native = architecture === nativeArchitecture || architecture === 'all';
    return [native ? name : `${name}:${architecture}`, version];
  });
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : Number(a > b))));
}
