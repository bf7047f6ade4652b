import type { DownloadCache, Facts, Need, Ops, PackageRequest } from '@livesys/core/plugin';

/** Fedora's words for tools whose package is called otherwise. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  dracut: ['dracut'],
  getfattr: ['attr'],
  mcopy: ['mtools'],
  'mkfs.ext4': ['e2fsprogs'],
  'mkfs.vfat': ['dosfstools'],
  mksquashfs: ['squashfs-tools'],
  mmd: ['mtools'],
  tar: ['tar'],
  veritysetup: ['veritysetup'],
  xorriso: ['xorriso'],
  zstd: ['zstd'],
};

export function packagesFor({ name }: Need, _facts: Facts): readonly string[] | undefined {
  return PACKAGES[name];
}

export function downloads(release: string): readonly DownloadCache[] {
  return [{ name: `fedora-${release}`, at: '/var/cache/libdnf5' }];
}

/** What every call of dnf5 gets: no questions, no other kernel, no newer version of what is there. */
export const DNF = ['dnf5', '--assumeyes', '--setopt=keepcache=True'];
const HELD = ['--setopt=excludepkgs=kernel,kernel-core,kernel-modules*', '--setopt=best=False'];

export function installPackages(ops: Ops, { packages, facts, purpose }: PackageRequest): void {
  const wanted = packages.filter((name) => facts.distro.packages[name] === undefined);
  if (wanted.length === 0) return;
  const weak = purpose === 'tools' ? ['--setopt=install_weak_deps=False'] : [];
  ops.exec([...DNF, ...HELD, ...weak, 'install', ...wanted]);
  ops.remove('/var/log/dnf5.log');
}
