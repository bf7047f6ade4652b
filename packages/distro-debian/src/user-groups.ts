import type { UserGroups } from '@livesys/distro-parts';

/**
 * Groups that the first user gets from the installer. Every Debian has them but `netdev`, which
 * packages of layers make.
 */
export const USER_GROUPS: UserGroups = {
  groups: ['audio', 'cdrom', 'dip', 'floppy', 'plugdev', 'users', 'video', 'netdev'],
  sudoGroup: 'sudo',
  made: ['netdev'],
};
