/** Which package of a distribution has what a check looks for. */
const PACKAGES = {
  mmdebstrap: { apt: 'mmdebstrap', pacman: 'mmdebstrap', dnf: 'mmdebstrap' },
  pacman: {
    apt: 'pacman-package-manager makepkg archlinux-keyring',
    pacman: 'pacman',
    dnf: 'pacman',
  },
  newuidmap: { apt: 'uidmap', pacman: 'shadow', dnf: 'shadow-utils-subid' },
  'util-linux': { apt: 'util-linux', pacman: 'util-linux', dnf: 'util-linux' },
  e2fsprogs: { apt: 'e2fsprogs', pacman: 'e2fsprogs', dnf: 'e2fsprogs' },
  'btrfs-progs': { apt: 'btrfs-progs', pacman: 'btrfs-progs', dnf: 'btrfs-progs' },
  lvm2: { apt: 'lvm2', pacman: 'lvm2', dnf: 'lvm2' },
  qemu: { apt: 'qemu-system-x86', pacman: 'qemu-system-x86', dnf: 'qemu-system-x86-core' },
  ovmf: { apt: 'ovmf', pacman: 'edk2-ovmf', dnf: 'edk2-ovmf' },
} as const;

export type PackageFor = keyof typeof PACKAGES;

const INSTALL = {
  apt: 'apt-get install',
  pacman: 'pacman -S',
  dnf: 'dnf install',
} as const;

const MANAGERS: readonly (readonly [RegExp, keyof typeof INSTALL])[] = [
  [/^(?:debian|ubuntu)$/, 'apt'],
  [/^arch$/, 'pacman'],
  [/^(?:fedora|rhel|centos)$/, 'dnf'],
];

/** The line that installs something on the machine with this os-release. */
export function installLine(what: PackageFor, osRelease: string | undefined): string {
  const names = ['ID', 'ID_LIKE'].flatMap((key) => readField(osRelease ?? '', key));
  for (const name of names) {
    const manager = MANAGERS.find(([pattern]) => pattern.test(name))?.[1];
    if (manager) return `${INSTALL[manager]} ${PACKAGES[what][manager]}`;
  }
  return `install ${PACKAGES[what].apt}`;
}

/** Programs that are run on this machine, by what has them. */
const PROGRAMS: Readonly<Record<string, PackageFor>> = {
  mmdebstrap: 'mmdebstrap',
  pacman: 'pacman',
  flock: 'util-linux',
  setpriv: 'util-linux',
  unshare: 'util-linux',
  lsblk: 'util-linux',
  blkid: 'util-linux',
  blockdev: 'util-linux',
  btrfs: 'btrfs-progs',
  dmsetup: 'lvm2',
  lvcreate: 'lvm2',
  lvremove: 'lvm2',
  lvs: 'lvm2',
  debugfs: 'e2fsprogs',
  e2fsck: 'e2fsprogs',
  'mkfs.ext4': 'e2fsprogs',
  resize2fs: 'e2fsprogs',
};

/** The same for a program; undefined when its package is not known here. */
export function installLineFor(program: string, osRelease: string | undefined): string | undefined {
  const what = PROGRAMS[program];
  return what === undefined ? undefined : installLine(what, osRelease);
}

/** The words of one field of os-release. */
function readField(osRelease: string, key: string): string[] {
  const match = new RegExp(`^${key}=(["']?)(.*?)\\1$`, 'm').exec(osRelease);
  return (match?.[2] ?? '').split(' ').filter((word) => word !== '');
}
