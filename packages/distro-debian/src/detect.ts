import {
  LivesysError,
  type Architecture,
  type DistroFacts,
  type Probe,
} from '@livesys/core/plugin';
import { osReleaseField, systemFacts } from '@livesys/distro-parts';
import { fromDebian } from './architectures.ts';
import { readSources } from './apt-sources.ts';
import { packageVersions, parseDpkgStatus, type InstalledPackage } from './dpkg-status.ts';
import { findKernels, incompleteKernels } from './kernels.ts';

const STATUS_FILE = '/var/lib/dpkg/status';

/** Reads what the adapter needs to know of a root. Runs nothing. */
export function detect(probe: Probe): DistroFacts {
  const installed = parseDpkgStatus(probe.readText(STATUS_FILE) ?? '');
  const debianName = nativeArchitecture(probe, installed);
  const packages = packageVersions(installed, debianName);
  const incomplete = incompleteKernels(probe);
  return {
    release: findRelease(probe),
    architecture: knownArchitecture(debianName),
    kernels: findKernels(probe, packages),
    ...(incomplete.length === 0 ? {} : { incompleteKernels: incomplete }),
    ...systemFacts(probe, packages),
    packages,
    packagesChanged: probe.stat(STATUS_FILE)?.modified ?? 0,
  };
}

/**
 * The first line of dpkg's arch file, which exists only where somebody wrote it; otherwise the
 * architecture of the packages that are always there.
 */
function nativeArchitecture(probe: Probe, installed: readonly InstalledPackage[]): string {
  const listed = probe.readText('/var/lib/dpkg/arch')?.split('\n')[0]?.trim();
  if (listed !== undefined && listed !== '') return listed;
  const native = installed.find(({ name }) => name === 'dpkg' || name === 'libc6');
  return native?.architecture ?? '';
}

function knownArchitecture(debianName: string): Architecture {
  const architecture = fromDebian(debianName);
  if (architecture !== undefined) return architecture;
  if (debianName === '') {
    throw new LivesysError(
      'LIVESYS_SOURCE_NOT_ROOT',
      `${STATUS_FILE} names no installed dpkg, so this is not a root of Debian or a derivative`,
    );
  }
  throw new LivesysError(
    'LIVESYS_PARTS_DO_NOT_FIT',
    `the source is of the architecture ${debianName}, which livesys does not know`,
  );
}

/**
 * The codename of os-release. Debian writes there the codename of testing for sid too, so for these
 * the suites that apt reads decide.
 */
function findRelease(probe: Probe): string {
  const codename =
    osReleaseField(probe, 'VERSION_CODENAME') ?? osReleaseField(probe, 'DEBIAN_CODENAME');
  const version = probe.readText('/etc/debian_version')?.trim() ?? '';
  if (version.endsWith('/sid') && followsSid(probe)) return 'sid';
  return codename ?? RELEASE_NAMES[version.split('.')[0] ?? ''] ?? version.split('/')[0] ?? '';
}

const RELEASE_NAMES: Readonly<Record<string, string>> = {
  '10': 'buster',
  '11': 'bullseye',
  '12': 'bookworm',
  '13': 'trixie',
  '14': 'forky',
};

function followsSid(probe: Probe): boolean {
  return readSources(probe).some(({ suites }) =>
    suites.some((suite) => suite === 'sid' || suite === 'unstable'),
  );
}
