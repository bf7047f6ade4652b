import type { UserGroups } from '@livesys/distro-parts';

const GROUPS = ['audio', 'lp', 'optical', 'storage', 'users', 'video'];

/** Groups that every Arch has or makes at its next start, and that a person at the machine is given. */
export const USER_GROUPS: UserGroups = {
  groups: GROUPS,
  sudoGroup: 'wheel',
  made: [...GROUPS, 'wheel'],
};
