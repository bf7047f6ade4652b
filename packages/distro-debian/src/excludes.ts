import type { SecretRule } from '@livesys/core/plugin';
import { COMMON_EXCLUDES, COMMON_VOLATILE } from '@livesys/distro-parts';

/** What the result of an installation depends on: programs, settings and the package database. */
export const PACKAGE_PATHS: readonly string[] = [
  '/bin',
  '/boot',
  '/etc',
  '/lib',
  '/lib32',
  '/lib64',
  '/libo32',
  '/libx32',
  '/opt',
  '/sbin',
  '/usr',
  '/var/cache/debconf',
  '/var/lib/apt',
  '/var/lib/dpkg',
];

/** What never belongs in an image: beside the common, boot images and what apt and dpkg keep. */
export const EXCLUDES: readonly string[] = [
  ...COMMON_EXCLUDES,
  '/boot/initrd.img*',
  '/boot/initramfs*',
  '/initrd.img',
  '/initrd.img.old',
  '/var/backups/alternatives.tar*',
  '/var/backups/apt.*',
  '/var/backups/dpkg.*',
  '/var/cache/apt/*.bin',
  '/var/cache/apt/archives/*.deb',
  '/var/cache/apt/archives/lock',
  '/var/cache/apt/archives/partial/*',
  '/var/cache/debconf/*-old',
  '/var/lib/apt/lists/*_*',
  '/var/lib/apt/lists/auxfiles/*',
  '/var/lib/apt/lists/lock',
  '/var/lib/apt/lists/partial/*',
  '/var/lib/dpkg/*-old',
  '/vmlinuz.old',
].sort();

/** What changes all the time on a running system and says nothing about it. */
export const VOLATILE: readonly string[] = [
  ...COMMON_VOLATILE,
  '/var/backups/*',
  '/var/lib/apt/daily_lock',
  '/var/lib/apt/lists/*',
  '/var/lib/apt/periodic/*',
  '/var/lib/dhcp/*',
  '/var/lib/dpkg/lock',
  '/var/lib/dpkg/lock-frontend',
  '/var/lib/dpkg/triggers/Lock',
  '/var/lib/logrotate/status',
].sort();

/** What is secret on Debian and its derivatives. */
export const SECRETS: readonly SecretRule[] = [
  {
    kind: 'a token or password of a service',
    paths: [
      '/etc/apt/auth.conf',
      '/etc/apt/auth.conf.d/*',
      '/etc/mysql/debian.cnf',
      '/etc/roundcube/debian-db*.php',
      '/var/cache/debconf/passwords.dat*',
      '/var/lib/phpmyadmin/*secret*',
      '/var/lib/ubuntu-advantage/private/*',
    ],
  },
  {
    kind: 'a token or password of a service',
    baseOnly: true,
    paths: ['/etc/dbconfig-common/*.conf', '/etc/phpmyadmin/config-db.php'],
  },
  { kind: 'the identity of the machine', paths: ['/etc/popularity-contest.conf'] },
  // Public keys of repositories, under names that others give to private ones.
  {
    kind: 'a private key',
    paths: ['!/etc/apt/keyrings/*', '!/etc/apt/trusted.gpg.d/*'],
  },
];
