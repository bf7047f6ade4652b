import type { SampleRoot } from '@livesys/plugin-testkit';

// How installed systems lie on disk, recorded from public documentation; none of them was at hand.
//
// - Kernels lie beside their modules with the name of their package, /boot has copies that mkinitcpio
//   makes: https://archlinux.org/news/new-kernel-packages-and-mkinitcpio-hooks/ and `package()` of
//   Arch's PKGBUILD of linux. depmod is left to a hook there, modules are compressed with zstd.
// - Modules: images of archiso hold a squashfs or an erofs, README.profile.rst of archiso.
// - Packages of `base`: PKGBUILD of base, archlinux/svntogit-packages.
// - Presets and the names of images: mkinitcpio(8), https://man.archlinux.org/man/mkinitcpio.8
// - Manjaro: PKGBUILD of linux612 in its packages/core: `kernelbase`, a `.kver` in /boot, and a folder
//   for modules built elsewhere, which is no kernel. os-release: that of a Manjaro of 2024.
// - EndeavourOS: https://discovery.endeavouros.com/installation/dracut/2022/12/ and
//   https://discovery.endeavouros.com/installation/systemd-boot/2022/12/: dracut and kernel-install,
//   kernels and images on the ESP in a folder named by the machine-id, /etc/kernel/cmdline.
// - Local database: one folder `name-version` for each package, `desc` and `files` in it, as pacman 6
//   writes them.

const BASE = [
  ...['archlinux-keyring 20241203-1', 'base 3-2', 'bash 5.2.037-1', 'bzip2 1.0.8-6'],
  ...['coreutils 9.5-2', 'device-mapper 2.03.29-1', 'file 5.46-1', 'filesystem 2024.11.21-1'],
  ...['findutils 4.10.0-2', 'gawk 5.3.1-1', 'gcc-libs 14.2.1+r134+gab884fffe3fc-1'],
  ...['gettext 0.22.5-2', 'glibc 2.40+r16+gaa533d58ff-2', 'grep 3.11-1', 'gzip 1.13-4'],
  ...['iproute2 6.12.0-1', 'iputils 20240905-1', 'kmod 33-3', 'licenses 20240728-1'],
  ...['pacman 7.0.0.r6.gc685ae6-1', 'pciutils 3.13.0-2', 'procps-ng 4.0.4-3', 'psmisc 23.7-1'],
  ...['sed 4.9-3', 'shadow 4.16.0-1', 'systemd 257-1', 'systemd-sysvcompat 257-1', 'tar 1.35-2'],
  ...['util-linux 2.40.2-1', 'xz 1:5.6.3-1'],
];

const MODULES = [
  ...[
    'drivers/ata/ahci',
    'drivers/block/loop',
    'drivers/block/virtio_blk',
    'drivers/nvme/host/nvme',
  ],
  ...['drivers/scsi/sr_mod', 'drivers/usb/storage/uas', 'drivers/usb/storage/usb-storage'],
  ...[
    'drivers/usb/host/xhci-pci',
    'fs/erofs/erofs',
    'fs/fat/vfat',
    'fs/isofs/isofs',
    'fs/nls/nls_cp437',
  ],
  ...['fs/nls/nls_utf8', 'fs/overlayfs/overlay', 'fs/squashfs/squashfs'],
];
const BUILTIN = ['drivers/scsi/sd_mod', 'drivers/virtio/virtio_pci', 'fs/ext4/ext4'];

const list = (names: readonly string[], suffix: string): string =>
  names.map((name) => `kernel/${name}${suffix}\n`).join('');

/** A kernel with its package's name and what depmod made. */
const kernel = (release: string, pkgbase: string): Record<string, string> => ({
  [`/usr/lib/modules/${release}/vmlinuz`]: 'a kernel',
  [`/usr/lib/modules/${release}/pkgbase`]: `${pkgbase}\n`,
  [`/usr/lib/modules/${release}/modules.dep`]: list(MODULES, '.ko.zst:'),
  [`/usr/lib/modules/${release}/modules.builtin`]: list(BUILTIN, '.ko'),
});

/** The database of installed packages, given as `name version`, with the files of some. */
const database = (
  packages: readonly string[],
  files: Readonly<Record<string, readonly string[]>> = {},
): Record<string, string> =>
  Object.fromEntries(
    packages.flatMap((one) => {
      const [name = '', version = ''] = one.split(' ');
      const folder = `/var/lib/pacman/local/${name}-${version}`;
      const desc = `%NAME%\n${name}\n\n%VERSION%\n${version}\n\n%ARCH%\nx86_64\n\n%VALIDATION%\npgp\n\n`;
      const owned = files[name] ?? [];
      return [
        [`${folder}/desc`, desc],
        [`${folder}/files`, `%FILES%\n${owned.map((path) => `${path}\n`).join('')}\n`],
      ];
    }),
  );

const image = (release: string): readonly string[] => [`usr/lib/modules/${release}/vmlinuz`];

const LINKS = {
  ...{ '/bin': 'usr/bin', '/lib': 'usr/lib', '/lib64': 'usr/lib', '/sbin': 'usr/bin' },
  ...{ '/usr/sbin': 'bin', '/usr/bin/init': '../lib/systemd/systemd' },
  '/etc/os-release': '../usr/lib/os-release',
};

const SYSTEMD = { '/usr/lib/systemd/systemd': '', '/usr/bin/pacman': '' };

const PRESET = `ALL_kver="/boot/vmlinuz-linux"\nPRESETS=('default' 'fallback')\ndefault_image="/boot/initramfs-linux.img"\nfallback_image="/boot/initramfs-linux-fallback.img"\nfallback_options="-S autodetect"\n`;

/** Arch with its usual kernel, the one of long support, and what an older one left behind. */
export const ARCH: SampleRoot = {
  name: 'Arch Linux',
  links: LINKS,
  files: {
    ...SYSTEMD,
    '/usr/lib/os-release':
      'NAME="Arch Linux"\nPRETTY_NAME="Arch Linux"\nID=arch\nBUILD_ID=rolling\nANSI_COLOR="38;2;23;147;209"\nHOME_URL="https://archlinux.org/"\nLOGO=archlinux-logo\n',
    ...kernel('6.12.4-arch1-1', 'linux'),
    ...kernel('6.6.64-1-lts', 'linux-lts'),
    '/usr/lib/modules/6.11.9-arch1-1/modules.dep': list(MODULES, '.ko.zst:'),
    '/boot/vmlinuz-linux': 'a copy',
    '/boot/initramfs-linux.img': '',
    '/boot/initramfs-linux-fallback.img': '',
    '/etc/mkinitcpio.d/linux.preset': PRESET,
    ...database([...BASE, 'linux 6.12.4.arch1-1', 'linux-lts 6.6.64-1', 'mkinitcpio 39.2-3'], {
      linux: image('6.12.4-arch1-1'),
      'linux-lts': image('6.6.64-1-lts'),
    }),
  },
};

/** Manjaro with one of its kernels, which are named by their series. */
export const MANJARO: SampleRoot = {
  name: 'Manjaro',
  links: LINKS,
  files: {
    ...SYSTEMD,
    '/usr/lib/os-release':
      'NAME="Manjaro Linux"\nPRETTY_NAME="Manjaro Linux"\nID=manjaro\nID_LIKE=arch\nBUILD_ID=rolling\nANSI_COLOR="32;1;24;144;200"\nHOME_URL="https://manjaro.org/"\n',
    ...kernel('6.12.4-1-MANJARO', 'linux612'),
    '/usr/lib/modules/6.12.4-1-MANJARO/kernelbase': '6.12-x86_64\n',
    '/usr/lib/modules/extramodules-6.12-MANJARO/version': '6.12.4-1-MANJARO\n',
    '/boot/linux612-x86_64.kver': '6.12.4-1-MANJARO x64\n',
    '/boot/vmlinuz-6.12-x86_64': 'a copy',
    '/boot/initramfs-6.12-x86_64.img': '',
    ...database([...BASE, 'linux612 6.12.4-1', 'manjaro-keyring 20230719-2', 'mkinitcpio 39.2-2'], {
      linux612: image('6.12.4-1-MANJARO'),
    }),
  },
};

/** EndeavourOS as its installer sets it up: dracut, systemd-boot, an ESP at /efi. */
export const ENDEAVOUROS: SampleRoot = {
  name: 'EndeavourOS',
  links: LINKS,
  files: {
    ...SYSTEMD,
    '/usr/lib/os-release':
      'NAME="EndeavourOS"\nPRETTY_NAME="EndeavourOS"\nID=endeavouros\nID_LIKE=arch\nBUILD_ID=rolling\nANSI_COLOR="38;2;23;147;209"\nHOME_URL="https://endeavouros.com"\nLOGO=endeavouros\n',
    ...kernel('6.12.4-arch1-1', 'linux'),
    ...kernel('6.12.4-zen1-1-zen', 'linux-zen'),
    '/efi/0123456789abcdef0123456789abcdef/6.12.4-arch1-1/linux': 'a copy',
    '/efi/0123456789abcdef0123456789abcdef/6.12.4-arch1-1/initrd': '',
    '/efi/loader/entries/0123456789abcdef0123456789abcdef-6.12.4-arch1-1.conf': '',
    '/etc/kernel/cmdline': 'nvme_load=YES rw root=UUID=0 resume=UUID=1\n',
    ...database(
      [
        ...BASE,
        ...['cryptsetup 2.7.5-1', 'dracut 105-1', 'kernel-install-for-dracut 1.14-1'],
        ...['linux 6.12.4.arch1-1', 'linux-zen 6.12.4.zen1-1', 'mdadm 4.3-2', 'openssh 9.9p1-2'],
      ],
      { linux: image('6.12.4-arch1-1'), 'linux-zen': image('6.12.4-zen1-1-zen') },
    ),
  },
};

/** A builder that runs Arch: repositories, mirrors and keys. */
export const ARCH_BUILDER = {
  files: {
    '/etc/pacman.conf':
      '[options]\nArchitecture = auto\nSigLevel = Required DatabaseOptional\n[core]\nInclude = /etc/pacman.d/mirrorlist\n[extra]\nInclude = /etc/pacman.d/mirrorlist\n',
    '/etc/pacman.d/mirrorlist': 'Server = https://mirror.example.org/archlinux/$repo/os/$arch\n',
    '/usr/share/pacman/keyrings/archlinux.gpg': '',
    '/usr/share/pacman/keyrings/archlinux-trusted': '',
  },
};
