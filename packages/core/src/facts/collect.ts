import type { Facts, OsRelease } from '../contract/facts.ts';
import type { Probe } from '../contract/probe.ts';
import type { DistroAdapter } from '../contract/roles.ts';
import { LivesysError } from '../errors/livesys-error.ts';
import { foreignHomes } from './homes.ts';
import { readOsRelease } from './os-release.ts';

/** Reads the facts of a root. Runs nothing. */
export function collectFacts(
  probe: Probe,
  label: string,
  adapters: readonly DistroAdapter[],
): { readonly facts: Facts; readonly distro: DistroAdapter } {
  const osRelease = readOsRelease(probe);
  if (osRelease === undefined && probe.list('/').length === 0)
    throw new LivesysError('LIVESYS_SOURCE_MISSING', `${label} does not exist, or is empty.`);
  if (osRelease === undefined || probe.list('/usr').length === 0) {
    throw new LivesysError(
      'LIVESYS_SOURCE_NOT_ROOT',
      `${label} is not a root file system: it has no ${osRelease === undefined ? 'os-release' : '/usr'}.`,
    );
  }
  const distro = requireDistro(osRelease, adapters);
  const found = distro.detect(probe);
  const homes = foreignHomes(probe);
  return {
    distro,
    facts: {
      format: 1,
      architecture: found.architecture,
      osRelease,
      distro: found,
      sourceDateEpoch: found.packagesChanged,
      ...(homes.length === 0 ? {} : { homes }),
    },
  };
}

/** The adapter that serves a system. */
export function requireDistro(
  osRelease: OsRelease,
  adapters: readonly DistroAdapter[],
): DistroAdapter {
  const distro = chooseDistro([osRelease.id, ...osRelease.idLike], adapters);
  if (distro !== undefined) return distro;
  throw new LivesysError(
    'LIVESYS_DISTRO_UNKNOWN',
    `No adapter serves ${osRelease.prettyName} (ID ${osRelease.id}); there are: ${adapters.map((one) => one.name).join(', ')}.`,
  );
}

/** The adapter for the first id that one serves: ID before ID_LIKE. */
function chooseDistro(
  ids: readonly string[],
  adapters: readonly DistroAdapter[],
): DistroAdapter | undefined {
  for (const id of ids) {
    const adapter = adapters.find((one) => one.ids.includes(id));
    if (adapter !== undefined) return adapter;
  }
  return undefined;
}
