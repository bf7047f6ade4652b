/** Files that every system has, or needs, and that may hold passwords or hashes of them. */
export const PASSWORD_FILES: readonly string[] = [
  '/etc/environment',
  '/etc/fstab',
  '/etc/group',
  '/etc/gshadow',
  '/etc/network/interfaces',
  '/etc/passwd',
  '/etc/shadow',
];
