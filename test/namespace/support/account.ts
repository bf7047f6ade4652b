import { chownSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PATH } from './livesys.ts';
import { run } from './run.ts';
import { seeing } from './seeing.ts';

const NAME = 'livesys-test';
/** Far above what a distribution gives to people, so that nobody else's files are meant. */
const FIRST_SUBORDINATE = 700_000_000;

/** A person without privileges, as commands are run by him. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
  /** Put before a command, it runs as this person with an environment of his own. */
  readonly become: readonly string[];
  /** The two halves of {@link become}, for what goes between: the machine that knows him, and he. */
  readonly sees: readonly string[];
  readonly switches: readonly string[];
}

/**
 * A person whom this machine does not know: the account is in a copy of /etc, which only commands
 * that {@link Account.become} runs see. Nothing of him outlives a test, and test runs side by side
 * have each their own. He may use sudo without a password.
 */
export function makeAccount(
  folder: string,
  { subordinateIds = true }: { readonly subordinateIds?: boolean } = {},
): Account {
  const [etc, home] = [join(folder, 'etc'), join(folder, 'home')];
  run('cp', '--archive', '/etc', etc);
  const id = freeId([join(etc, 'passwd'), join(etc, 'group')]);
  const add = (name: string, line: string): void =>
    writeFileSync(join(etc, name), `${line}\n`, { flag: 'a' });
  add('passwd', `${NAME}:x:${id}:${id}::${home}:/bin/sh`);
  add('shadow', `${NAME}:!:19000::::::`);
  add('group', `${NAME}:x:${id}:`);
  if (subordinateIds)
    for (const name of ['subuid', 'subgid']) add(name, `${NAME}:${FIRST_SUBORDINATE}:65536`);
  const rules = `Defaults:${NAME} secure_path="${PATH}"\n${NAME} ALL=(ALL) NOPASSWD: ALL\n`;
  writeFileSync(join(etc, 'sudoers.d', NAME), rules, { mode: 0o440 });
  mkdirSync(home);
  chownSync(home, id, id);
  const [sees, switches] = [seeing({ [etc]: '/etc' }), switchTo(id)];
  return { uid: id, gid: id, home, sees, switches, become: [...sees, ...switches] };
}

function switchTo(id: number): readonly string[] {
  return ['setpriv', `--reuid=${id}`, `--regid=${id}`, '--init-groups', '--reset-env'];
}

/** An id that no account and no group has, below those that Debian sets apart. */
function freeId(files: readonly string[]): number {
  const lines = files.flatMap((file) => readFileSync(file, 'utf8').split('\n'));
  const taken = new Set(lines.map((line) => Number(line.split(':')[2])));
  let id = 59_000;
  while (taken.has(id)) id -= 1;
  return id;
}
