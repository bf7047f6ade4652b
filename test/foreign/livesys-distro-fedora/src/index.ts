import type { DistroAdapter, Facts } from '@livesys/core/plugin';
import { COMMON_EXCLUDES, COMMON_VOLATILE } from '@livesys/distro-parts';
import { bootstrap } from './bootstrap.ts';
import { detect } from './detect.ts';
import { generalize } from './generalize.ts';
import { downloads, installPackages, packagesFor } from './packages.ts';

/** Fedora and, through ID_LIKE, its relatives that use dnf5. `release` is what to bootstrap. */
export default function fedora({
  release = '41',
}: { readonly release?: string } = {}): DistroAdapter {
  return {
    role: 'distro',
    name: 'livesys-distro-fedora',
    version: '1.0.0',
    apiVersion: '^1.0.0',
    ids: ['fedora'],
    bootstrapLabel: `fedora:${release}`,
    bootstrapNeeds: [
      {
        name: 'dnf5',
        reason: 'it makes a new Fedora root',
        packages: { fedora: ['dnf5'], debian: ['dnf5'] },
      },
    ],
    imagePackages: ['kmod', 'util-linux'],
    packagePaths: ['/usr', '/etc', '/var/lib/dnf', '/usr/lib/sysimage'],
    detect,
    bootstrap: (context) => bootstrap(release, context),
    packagesFor,
    installPackages,
    downloads: ({ distro }: Facts) => downloads(distro.release),
    excludes: () => [...COMMON_EXCLUDES, '/var/cache/libdnf5/*', '/boot/loader/*'],
    volatile: () => [...COMMON_VOLATILE, '/var/lib/dnf/*'],
    generalize,
  };
}
