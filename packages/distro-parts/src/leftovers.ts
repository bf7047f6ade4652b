import { text, type Ops, type Text } from '@livesys/core/plugin';

const LEFTOVERS = [
  '/etc/.pwd.lock',
  '/etc/group-',
  '/etc/gshadow-',
  '/etc/passwd-',
  '/etc/shadow-',
  '/etc/subgid-',
  '/etc/subuid-',
  '/var/cache/ldconfig/aux-cache',
  '/var/log/fontconfig.log',
];

/**
 * Removes what installations leave behind that is no part of what they installed, and would make each
 * build another one: backups, locks and logs of what every distribution has, and `more`, which is
 * what its package manager leaves. `root` stands before each path. Default: the root that the
 * operations see as `/`.
 */
export function removeLeftovers(ops: Ops, more: readonly string[], root: Text = ''): void {
  for (const path of [...LEFTOVERS, ...more].sort()) ops.remove(text`${root}${path}`);
}
