import type { Architecture, Facts, Need } from '@livesys/core/plugin';

const KERNELS: Partial<Readonly<Record<Architecture, string>>> = {
  x86_64: 'linux-image-amd64',
  aarch64: 'linux-image-arm64',
  i686: 'linux-image-686',
};

const EFI: Partial<Readonly<Record<Architecture, string>>> = {
  x86_64: 'amd64',
  aarch64: 'arm64',
  i686: 'ia32',
};

/** Packages by the name of a tool, or of a thing that boot loader authors ask for. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  cpio: ['cpio'],
  cryptsetup: ['cryptsetup-bin'],
  depmod: ['kmod'],
  dmsetup: ['dmsetup'],
  dracut: ['dracut-core'],
  e2fsck: ['e2fsprogs'],
  erofs: ['erofs-utils'],
  'erofs-utils': ['erofs-utils'],
  getfattr: ['attr'],
  'grub-bios': ['grub-common', 'grub-pc-bin'],
  'grub-mkimage': ['grub-common'],
  'grub-mkrescue': ['grub-common'],
  'grub-pc': ['grub-common', 'grub-pc-bin'],
  isohybrid: ['syslinux-utils'],
  isolinux: ['isolinux', 'syslinux-common'],
  kmod: ['kmod'],
  losetup: ['mount'],
  lz4: ['lz4'],
  mcopy: ['mtools'],
  mformat: ['mtools'],
  mkfifo: ['coreutils'],
  'mkfs.erofs': ['erofs-utils'],
  'mkfs.ext4': ['e2fsprogs'],
  'mkfs.fat': ['dosfstools'],
  'mkfs.vfat': ['dosfstools'],
  mkinitramfs: ['initramfs-tools-core'],
  mksquashfs: ['squashfs-tools'],
  mmd: ['mtools'],
  modprobe: ['kmod'],
  mtools: ['mtools'],
  objcopy: ['binutils'],
  osirrox: ['xorriso'],
  sbsign: ['sbsigntool'],
  sfdisk: ['fdisk'],
  sqfstar: ['squashfs-tools'],
  squashfs: ['squashfs-tools'],
  'squashfs-tools': ['squashfs-tools'],
  syslinux: ['syslinux', 'syslinux-common'],
  'systemd-boot': ['systemd-boot-efi'],
  ukify: ['systemd-ukify'],
  unsquashfs: ['squashfs-tools'],
  'update-initramfs': ['initramfs-tools'],
  veritysetup: ['cryptsetup-bin'],
  tar: ['tar'],
  xorriso: ['xorriso'],
  xorrisofs: ['xorriso'],
  xz: ['xz-utils'],
  zstd: ['zstd'],
};

/** What Debian calls a tool; undefined where the adapter does not know. */
export function packagesFor(need: Need, facts: Facts): readonly string[] | undefined {
  const efi = EFI[facts.architecture];
  switch (need.name) {
    case 'grub':
      return [
        ...(PACKAGES['grub-bios'] ?? []),
        ...(efi === undefined ? [] : [`grub-efi-${efi}-bin`]),
      ];
    case 'grub-efi':
      return efi === undefined ? undefined : ['grub-common', `grub-efi-${efi}-bin`];
    case 'grub-efi-signed':
      return efi === undefined ? undefined : [`grub-efi-${efi}-signed`];
    case 'shim':
    case 'shim-signed':
      return efi === undefined ? undefined : ['shim-signed'];
    case 'kernel':
      return kernelPackages(facts);
    case 'busybox':
      // One of the two at a time.
      return [facts.distro.packages['busybox-static'] === undefined ? 'busybox' : 'busybox-static'];
    case 'ukify':
      // Bookworm has it inside systemd's own package.
      return facts.distro.release === 'bookworm' ? ['systemd'] : PACKAGES['ukify'];
    default:
      return Object.hasOwn(PACKAGES, need.name) ? PACKAGES[need.name] : undefined;
  }
}

function kernelPackages({ architecture, osRelease }: Facts): readonly string[] | undefined {
  if ([osRelease.id, ...osRelease.idLike].includes('ubuntu')) return ['linux-image-generic'];
  const name = KERNELS[architecture];
  return name === undefined ? undefined : [name];
}
