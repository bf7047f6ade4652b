import { COMMON_EXCLUDES, COMMON_VOLATILE } from '@livesys/distro-parts';

/** What the result of an installation depends on: programs, settings and the package database. */
export const PACKAGE_PATHS: readonly string[] = [
  '/bin',
  '/etc',
  '/lib',
  '/lib64',
  '/opt',
  '/sbin',
  '/usr',
  '/var/lib/pacman',
];

/**
 * What never belongs in an image: beside the common, what boots another system and what pacman keeps.
 * The databases of the repositories stay, since packages of layers are installed as of them; lists of
 * the files of packages are not needed for that.
 */
export const EXCLUDES: readonly string[] = [
  ...COMMON_EXCLUDES,
  '/boot/EFI/*',
  '/boot/booster-*.img',
  '/boot/efi/*',
  '/boot/grub/grub.cfg',
  '/boot/grub/grubenv',
  '/boot/initramfs-*.img',
  '/boot/loader/*',
  '/efi/*',
  '/swap/*',
  '/var/cache/pacman/pkg/*',
  '/var/cache/pamac/*',
  '/var/lib/pacman/db.lck',
  '/var/lib/pacman/sync/*.files*',
].sort();

/** What changes all the time on a running system and says nothing about it. */
export const VOLATILE: readonly string[] = [
  ...COMMON_VOLATILE,
  '/etc/pacman.d/gnupg',
  '/var/lib/dhcpcd/*',
  '/var/lib/logrotate.status',
  '/var/lib/pacman/db.lck',
  '/var/lib/pacman/sync/*',
].sort();
