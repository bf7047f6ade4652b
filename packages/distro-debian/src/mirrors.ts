import type { Probe } from '@livesys/core/plugin';
import { refusePassword } from '@livesys/distro-parts';
import { readSources, type AptSource } from './apt-sources.ts';
import type { DebianOptions } from './options.ts';

const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';
const COMPONENTS = ['main', 'contrib', 'non-free', 'non-free-firmware'];
const RELEASES =
  /^(oldoldstable|oldstable|stable|testing|unstable|sid|buster|bullseye|bookworm|trixie|forky|duke)$/;
/** Releases that have no updates and no security suite. */
const ROLLING = /^(sid|unstable)$/;

/**
 * The lines of `sources.list` for a release: the given mirror, or the builder's own entries for
 * Debian with their suites rewritten. An empty list leaves the choice to mmdebstrap.
 */
export function sourceLines(options: DebianOptions, builder: Probe): readonly string[] {
  const keyring = builder.stat(KEYRING) === undefined ? undefined : KEYRING;
  if (options.mirror !== undefined) return givenMirror(options.mirror, options, keyring);
  const lines = readSources(builder)
    .filter(isDebian)
    .flatMap((source) => rewrite(source, options, keyring));
  return [...new Set(lines)];
}

/**
 * Other repositories use Debian's suite names too, so an entry counts as Debian's only if its
 * components are and it is signed by Debian's keyring, or, unsigned, lies in a folder `debian`.
 */
export function isDebian(source: AptSource): boolean {
  const components = source.components.every((component) => COMPONENTS.includes(component));
  if (!components || source.components.length === 0) return false;
  if (source.signedBy !== undefined) return source.signedBy.includes('debian-archive');
  return source.uris.every((uri) => /\/debian(-security)?(\/|$)/.test(uri));
}

/** `bookworm-updates` asked for trixie is `trixie-updates`; undefined: not wanted. */
export function rewriteSuite(suite: string, release: string): string | undefined {
  const [, name = '', suffix = ''] = /^([a-z]+)([-/].+)?$/.exec(suite) ?? [];
  if (!RELEASES.test(name)) return undefined;
  if (suffix === '') return release;
  if (ROLLING.test(release)) return undefined;
  if (suffix === '-updates') return `${release}-updates`;
  if (suffix === '-security' || suffix === '/updates') return `${release}-security`;
  return undefined;
}

function rewrite(
  source: AptSource,
  options: DebianOptions,
  keyring: string | undefined,
): readonly string[] {
  const components = options.components ?? source.components;
  const suites = source.suites.flatMap((suite) => rewriteSuite(suite, options.release) ?? []);
  return source.uris.flatMap((uri) =>
    suites.map((suite) => line(uri, suite, components, source.signedBy ?? keyring)),
  );
}

function givenMirror(
  mirror: string,
  options: DebianOptions,
  keyring: string | undefined,
): readonly string[] {
  const components = options.components ?? ['main'];
  const suites = ROLLING.test(options.release)
    ? [options.release]
    : [options.release, `${options.release}-updates`];
  return suites.map((suite) => line(mirror, suite, components, keyring));
}

function line(
  uri: string,
  suite: string,
  components: readonly string[],
  keyring: string | undefined,
): string {
  refusePassword(uri, 'distro: debian({ mirror: … })');
  const signedBy = keyring === undefined ? '' : `[signed-by=${keyring}] `;
  return `deb ${signedBy}${uri} ${suite} ${components.join(' ')}`;
}
