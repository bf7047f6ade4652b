import { chownSync } from 'node:fs';
import { join } from 'node:path';

import type { Account } from '../../namespace/support/account.ts';
import { buildCommand } from './build-command.ts';
import { run } from './run.ts';

/**
 * Builds the image with everything different that must make no difference: a user with subordinate
 * ids instead of root, an empty cache, longer paths, another umask, time zone, language and host
 * name, one processor, and later. Gives the path of the ISO.
 */
export function buildElsewhere(folder: string, archive: string, user: Account): string {
  const far = join(folder, 'home', 'a-folder-with-a-much-longer-name/than-the-usual-one');
  const { argv, iso } = buildCommand(far, archive);
  run(['chown', '--recursive', `${user.uid}:${user.gid}`, join(folder, 'home')]);
  chownSync(archive, user.uid, user.gid);
  const environment = ['TZ=Pacific/Kiritimati', 'LC_ALL=C.UTF-8', 'LANG=tr_TR.UTF-8'];
  const script = 'hostname somewhere-else && umask 0077 && exec "$@"';
  run([
    ...['unshare', '--uts', 'sh', '-c', script, 'sh', 'taskset', '--cpu-list', '0'],
    ...[...user.become, 'env', ...environment, ...argv],
  ]);
  return iso;
}
