import type { DistroAdapter } from '@livesys/core/plugin';
import { bootstrap } from './bootstrap.ts';
import { detect } from './detect.ts';
import { downloads } from './downloads.ts';
import { EXCLUDES, PACKAGE_PATHS, VOLATILE } from './excludes.ts';
import { generalize } from './generalize.ts';
import { MODULES } from './kernels.ts';
import { resolveOptions, type ArchUserOptions } from './options.ts';
import { installPackages } from './packages.ts';
import { planTools } from './tools-tree.ts';
import { packagesFor } from './tools.ts';

export type { ArchUserOptions, Signatures, ToolsPlace, Variant } from './options.ts';

/**
 * Arch Linux, and through ID_LIKE its derivatives. Most options say what to bootstrap.
 *
 * @example
 * defineConfig({ source: bootstrap(), distro: arch({ kernel: 'linux-lts' }) })
 */
export default function arch(options?: ArchUserOptions): DistroAdapter {
  const resolved = resolveOptions(options);
  return {
    role: 'distro',
    name: '@livesys/distro-arch',
    version: '0.1.0',
    apiVersion: '^1.0.0',
    // Manjaro also where its os-release does not say what it is like.
    ids: ['arch', 'manjaro'],
    bootstrapLabel: `arch:${resolved.release}`,
    bootstrapNeeds: [
      {
        name: 'pacman',
        reason: 'it makes a new Arch root',
        packages: {
          arch: ['pacman'],
          // pacman-key is made of makepkg's library there.
          debian: ['pacman-package-manager', 'makepkg', 'archlinux-keyring'],
          fedora: ['pacman'],
        },
      },
    ],
    imagePackages: ['kmod', 'util-linux'],
    packagePaths: PACKAGE_PATHS,
    detect,
    kernelFolders: [MODULES],
    bootstrap: (context) => bootstrap(resolved, context),
    packagesFor,
    installPackages: (ops, request) => installPackages(resolved, ops, request),
    planTools: (request) => planTools(resolved, request),
    downloads,
    excludes: () => EXCLUDES,
    volatile: () => VOLATILE,
    generalize,
  };
}
