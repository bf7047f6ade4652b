import type { Need } from '@livesys/core/plugin';

/** Packages by the name of a tool, or of a thing that boot loader authors ask for. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  busybox: ['busybox'],
  cpio: ['cpio'],
  cryptsetup: ['cryptsetup'],
  depmod: ['kmod'],
  dmsetup: ['device-mapper'],
  dracut: ['dracut'],
  e2fsck: ['e2fsprogs'],
  e2fsprogs: ['e2fsprogs'],
  erofs: ['erofs-utils'],
  'erofs-utils': ['erofs-utils'],
  getfattr: ['attr'],
  grub: ['grub'],
  'grub-bios': ['grub'],
  'grub-bios-modules': ['grub'],
  'grub-efi': ['grub'],
  'grub-mkimage': ['grub'],
  'grub-mkrescue': ['grub', 'libisoburn', 'mtools'],
  'grub-pc': ['grub'],
  'grub-uefi': ['grub'],
  isohybrid: ['syslinux'],
  isolinux: ['syslinux'],
  kernel: ['linux'],
  kmod: ['kmod'],
  losetup: ['util-linux'],
  lz4: ['lz4'],
  mcopy: ['mtools'],
  mformat: ['mtools'],
  mkfifo: ['coreutils'],
  'mkfs.erofs': ['erofs-utils'],
  'mkfs.ext4': ['e2fsprogs'],
  'mkfs.fat': ['dosfstools'],
  'mkfs.vfat': ['dosfstools'],
  mkinitcpio: ['mkinitcpio'],
  mksquashfs: ['squashfs-tools'],
  mmd: ['mtools'],
  modprobe: ['kmod'],
  mtools: ['mtools'],
  objcopy: ['binutils'],
  osirrox: ['libisoburn'],
  sbsign: ['sbsigntools'],
  sfdisk: ['util-linux'],
  sqfstar: ['squashfs-tools'],
  squashfs: ['squashfs-tools'],
  'squashfs-tools': ['squashfs-tools'],
  syslinux: ['syslinux'],
  'systemd-boot': ['systemd'],
  tar: ['tar'],
  ukify: ['systemd-ukify'],
  unsquashfs: ['squashfs-tools'],
  veritysetup: ['cryptsetup'],
  xorriso: ['libisoburn'],
  xorrisofs: ['libisoburn'],
  xz: ['xz'],
  zstd: ['zstd'],
};

/**
 * What Arch calls a tool; undefined where the adapter does not know. Arch has no signed GRUB and no
 * shim in its repositories.
 */
export function packagesFor(need: Need): readonly string[] | undefined {
  return Object.hasOwn(PACKAGES, need.name) ? PACKAGES[need.name] : undefined;
}
