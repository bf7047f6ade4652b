import type { Ops } from '@livesys/core/plugin';

/** A package of its own in some distributions, and left out of some roots. */
const MAKE_SYSTEM_USERS =
  'if command -v systemd-sysusers >/dev/null; then exec systemd-sysusers; fi';

const UPDATED = `# Written when the live system was made: its /usr is not newer than this file.
`;

/**
 * Records what systemd does once for each `/usr` it has not seen, and a live system, which forgets
 * that it was done, at every start: users and groups that files of packages ask for, and the linker's
 * cache. It leaves backups of files behind; see `removeLeftovers`. Source: systemd-update-done(8).
 */
export function bringUpToDate(ops: Ops): void {
  ops.exec(['sh', '-c', MAKE_SYSTEM_USERS]);
  ops.exec(['ldconfig']);
  for (const path of ['/etc/.updated', '/var/.updated']) ops.write(path, UPDATED);
}
