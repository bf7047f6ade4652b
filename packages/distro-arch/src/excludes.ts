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
 * What never belongs in an image, whoever it is for. Device nodes are left out too: the kernel makes
 * them at boot. The databases of the repositories stay, since packages of layers are installed as of
 * them; lists of the files of packages are not needed for that.
 */
export const EXCLUDES: readonly string[] = [
  '/boot/EFI/*',
  '/boot/booster-*.img',
  '/boot/efi/*',
  '/boot/grub/grub.cfg',
  '/boot/grub/grubenv',
  '/boot/initramfs-*.img',
  '/boot/loader/*',
  '/dev/*',
  '/efi/*',
  '/etc/.pwd.lock',
  '/lost+found',
  '/media/*',
  '/mnt/*',
  '/proc/*',
  '/run/*',
  '/swap.img',
  '/swap/*',
  '/swapfile',
  '/sys/*',
  '/tmp/*',
  '/var/cache/ldconfig/aux-cache',
  '/var/cache/livesys/*',
  '/var/cache/man/*',
  '/var/cache/pacman/pkg/*',
  '/var/cache/pamac/*',
  '/var/lib/pacman/db.lck',
  '/var/lib/pacman/sync/*.files*',
  '/var/lib/systemd/random-seed',
  '/var/swap',
  '/var/swapfile',
  '/var/tmp/*',
];

/** What changes all the time on a running system and says nothing about it. */
export const VOLATILE: readonly string[] = [
  '/etc/.pwd.lock',
  '/etc/.updated',
  '/etc/adjtime',
  '/etc/pacman.d/gnupg',
  '/etc/resolv.conf',
  '/var/.updated',
  '/var/cache/*',
  '/var/lib/dhcpcd/*',
  '/var/lib/logrotate.status',
  '/var/lib/NetworkManager/*',
  '/var/lib/pacman/db.lck',
  '/var/lib/pacman/sync/*',
  '/var/lib/systemd/random-seed',
  '/var/lib/systemd/timers/*',
  '/var/lib/systemd/timesync/clock',
  '/var/lib/upower/*',
  '/var/log/*',
  '/var/spool/*',
];
