import { chownSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './run.ts';

const DEFAULT_NAME = 'livesys-test';
/** Far above what a distribution gives to people, so that nobody else's files are meant. */
const FIRST_SUBORDINATE = 700_000_000;

/** An unprivileged person with subordinate ids. */
export interface TestUser {
  readonly uid: number;
  readonly gid: number;
  /** Put before a command, it runs as this person with an environment of his own. */
  readonly become: readonly string[];
}

/** Makes the person; one that an earlier test run left behind is replaced. */
export function makeUser(folder: string, name = DEFAULT_NAME): TestUser {
  removeUser(name);
  const home = join(folder, 'home');
  run(
    'useradd',
    '--no-create-home',
    '--home-dir',
    home,
    '--shell',
    '/bin/sh',
    '--user-group',
    name,
  );
  run('usermod', '--del-subuids', '1-4294967294', '--del-subgids', '1-4294967294', name);
  const last = FIRST_SUBORDINATE + 65_535;
  const range = `${FIRST_SUBORDINATE}-${last}`;
  run('usermod', '--add-subuids', range, '--add-subgids', range, name);
  const [uid, gid] = [Number(run('id', '-u', name)), Number(run('id', '-g', name))];
  mkdirSync(home);
  chownSync(home, uid, gid);
  return {
    uid,
    gid,
    become: ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--init-groups', '--reset-env'],
  };
}

export function removeUser(name = DEFAULT_NAME): void {
  try {
    run('id', '-u', name);
  } catch {
    return;
  }
  run('userdel', name);
}
