import type { DistroAdapter } from '@livesys/core/plugin';
import { bootstrap } from './bootstrap.ts';
import { detect } from './detect.ts';
import { downloads } from './downloads.ts';
import { EXCLUDES, PACKAGE_PATHS, SECRETS, VOLATILE } from './excludes.ts';
import { generalize } from './generalize.ts';
import { KERNEL_FOLDERS } from './kernels.ts';
import { resolveOptions, type DebianUserOptions } from './options.ts';
import { installPackages } from './packages.ts';
import { packagesFor } from './tools.ts';

export type { DebianUserOptions, Variant } from './options.ts';

/**
 * Debian, and through ID_LIKE its derivatives. The options say what to bootstrap.
 *
 * @example
 * defineConfig({ source: bootstrap(), distro: debian({ release: 'bookworm' }) })
 */
export default function debian(options?: DebianUserOptions): DistroAdapter {
  const resolved = resolveOptions(options);
  return {
    role: 'distro',
    name: '@livesys/distro-debian',
    version: '0.1.0',
    apiVersion: '^1.0.0',
    ids: ['debian'],
    bootstrapLabel: `debian:${resolved.release}`,
    bootstrapNeeds: [
      {
        name: 'mmdebstrap',
        reason: 'it makes a new Debian root',
        packages: { debian: ['mmdebstrap'], fedora: ['mmdebstrap'] },
      },
    ],
    imagePackages: ['kmod', 'mount', 'util-linux'],
    packagePaths: PACKAGE_PATHS,
    detect,
    kernelFolders: KERNEL_FOLDERS,
    bootstrap: (context) => bootstrap(resolved, context),
    packagesFor,
    installPackages,
    downloads,
    excludes: () => EXCLUDES,
    secrets: SECRETS,
    volatile: () => VOLATILE,
    generalize,
  };
}
