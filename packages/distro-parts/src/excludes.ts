/**
 * What never belongs in an image, whoever it is for and whatever installed it. Device nodes are left
 * out too: the kernel makes them at boot. An adapter adds its package manager's, and boot images.
 */
export const COMMON_EXCLUDES: readonly string[] = [
  '/dev/*',
  '/etc/.pwd.lock',
  '/lost+found',
  '/media/*',
  '/mnt/*',
  '/proc/*',
  '/run/*',
  '/swap.img',
  '/swapfile',
  '/sys/*',
  '/tmp/*',
  '/var/cache/ldconfig/aux-cache',
  '/var/cache/livesys/*',
  '/var/cache/man/*',
  '/var/lib/systemd/random-seed',
  '/var/swap',
  '/var/swapfile',
  '/var/tmp/*',
];

/** What changes all the time on a running system and says nothing about it. */
export const COMMON_VOLATILE: readonly string[] = [
  '/etc/.pwd.lock',
  '/etc/.updated',
  '/etc/adjtime',
  '/etc/resolv.conf',
  '/var/.updated',
  '/var/cache/*',
  '/var/lib/NetworkManager/*',
  '/var/lib/systemd/random-seed',
  '/var/lib/systemd/timers/*',
  '/var/lib/systemd/timesync/clock',
  '/var/lib/upower/*',
  '/var/log/*',
  '/var/spool/*',
];
