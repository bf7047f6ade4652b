/** What tar must be told to extract owners, modes and every attribute as they were packed. */
export const AS_PACKED: readonly string[] = [
  '--numeric-owner',
  '--same-owner',
  '--preserve-permissions',
  '--xattrs',
  '--xattrs-include=*',
  '--acls',
];
