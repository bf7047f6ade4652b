import {
  LivesysError,
  type Architecture,
  type DistroFacts,
  type Probe,
} from '@livesys/core/plugin';
import { systemFacts } from '@livesys/distro-parts';
import { findKernels } from './kernels.ts';
import { field, LOCAL_DATABASE, packageVersions } from './local-database.ts';

/** Reads what the adapter needs to know of a root. Runs nothing. */
export function detect(probe: Probe): DistroFacts {
  const packages = packageVersions(probe);
  const { kernels, incompleteKernels } = findKernels(probe, packages);
  return {
    // Arch and its derivatives roll on and have no releases.
    release: '',
    architecture: findArchitecture(probe, packages),
    kernels,
    ...(incompleteKernels.length === 0 ? {} : { incompleteKernels }),
    ...systemFacts(probe, packages),
    packages,
    packagesChanged: probe.stat(LOCAL_DATABASE)?.modified ?? 0,
  };
}

/** The architecture of glibc. CachyOS has packages for newer processors, of `x86_64_v3`. */
function findArchitecture(probe: Probe, packages: Readonly<Record<string, string>>): Architecture {
  if (packages['glibc'] === undefined) {
    throw new LivesysError(
      'LIVESYS_SOURCE_NOT_ROOT',
      `${LOCAL_DATABASE} names no installed glibc, so this is not a root of Arch Linux or a derivative`,
    );
  }
  const named = field(probe, packages, 'glibc', 'ARCH')[0] ?? '';
  const architecture = KNOWN.find((one) => one === named || named.startsWith(`${one}_v`));
  if (architecture !== undefined) return architecture;
  throw new LivesysError(
    'LIVESYS_PARTS_DO_NOT_FIT',
    `the source is of the architecture ${named === '' ? 'that its glibc does not tell' : named}, which livesys does not know`,
  );
}

const KNOWN: readonly Architecture[] = ['x86_64', 'aarch64', 'i686', 'riscv64'];
