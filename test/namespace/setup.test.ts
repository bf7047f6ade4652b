import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeAccount, type Account } from './support/account.ts';
import {
  endCommands,
  onTerminal,
  REPOSITORY,
  runCommand,
  startCommand,
} from './support/livesys.ts';
import { copyMachine, type MachineCopy } from './support/machine-copy.ts';
import { run } from './support/run.ts';
import { seeing } from './support/seeing.ts';
import { makeWorkspace, type Workspace } from './support/workspace.ts';

/** A small package of the list, which the tests take away from a copy of this machine. */
const PACKAGE = 'mtools';
const PROGRAM = '/usr/bin/mcopy';
const SIZE = { columns: 100, rows: 24 };

const QUESTION = /Run this now\? \[y\/N\]/;
const REFUSAL = 'This machine is not ready: run the line above, or pass --yes.';

let workspace: Workspace;
let account: Account;
let machine: MachineCopy;
let before: string;
beforeAll(async () => {
  workspace = makeWorkspace();
  account = makeAccount(workspace.folder);
  machine = await copyMachine(workspace.folder);
  before = builder();
  // Indexing every manual page takes longer than all the rest.
  inCopy('sh', '-c', 'if [ -e /usr/bin/mandb ]; then ln -sf /bin/true /usr/bin/mandb; fi');
  inCopy('dpkg', '--purge', '--force-depends', PACKAGE);
  // As on a machine that was just installed: apt knows no package yet.
  inCopy('find', '/var/lib/apt/lists', '-type', 'f', '-delete');
});
afterAll(async () => {
  endCommands();
  await machine?.dispose();
  workspace?.remove();
});

/** What would show that this machine itself was changed. */
const builder = (): string => run('stat', '--format=%i %y', PROGRAM, '/var/lib/dpkg/status');

function inCopy(...argv: readonly string[]): string {
  const [file = '', ...rest] = [...machine.enter, ...argv];
  return run(file, ...rest);
}

/** The first step of `npm test`. */
function setUp(...argv: readonly string[]): readonly string[] {
  const lib = join(REPOSITORY, 'scripts/lib');
  const script = `import { installSystemPackages } from '${lib}/install-system-packages.mjs';
    import { main } from '${lib}/step.mjs';
    await main(() => installSystemPackages('test', process.argv.includes('--yes')));`;
  return [process.execPath, '--input-type=module', '--eval', script, '--', ...argv];
}

/** Where a command runs: in the copy, as root or as a person. */
const as = (prefix: readonly string[]) => ({ cwd: '/', prefix: [...machine.enter, ...prefix] });

it.each(['root', 'a person'])(
  'without a terminal and without --yes it shows %s the line that installs, and installs nothing',
  async (who) => {
    const end = await runCommand(setUp(), as(who === 'root' ? [] : account.become));
    const sudo = who === 'root' ? '' : 'sudo ';

    expect(end).toMatchObject({ status: 4 });
    expect(end.stdout).toMatch(/^ {2}mtools +reads FAT without mounting it$/m);
    expect(end.stdout).toMatch(
      new RegExp(`^ {2}${sudo}apt-get update && ${sudo}apt-get install -y .*\\b${PACKAGE}\\b`, 'm'),
    );
    expect(end.stderr).toBe(`${REFUSAL}\n`);
  },
);

it.each([
  ['no', 'n\r'],
  ['Ctrl-C', '\u0003'],
  ['Ctrl-D', '\u0004'],
])('on a terminal it asks, and %s installs nothing', async (_, typed) => {
  const command = startCommand(onTerminal(setUp(), SIZE), as(account.become));
  await command.said(QUESTION);
  command.type(typed);
  const end = await command.ended;

  expect(end).toMatchObject({ status: 4 });
  expect(end.stdout.trimEnd().split('\r\n').at(-1)).toBe(REFUSAL);
});

it('says so when there is no sudo', async () => {
  const end = await runCommand(
    setUp('--yes'),
    as([...seeing({ '/dev/null': '/usr/bin/sudo' }), ...account.become]),
  );

  expect(end.status).toBe(4);
  expect(end.stderr).toMatch(/^sudo cannot be run: .*\n$/);
});

it('with --yes it installs what is missing, as a person with sudo, and a second run has nothing to do', async () => {
  const end = await runCommand(setUp('--yes'), as(account.become));
  const again = await runCommand(setUp(), as(account.become));

  expect(end).toMatchObject({ status: 0 });
  expect(end.stdout).toMatch(/^ ✓ system packages +\d.* s$/m);
  expect(inCopy('dpkg-query', '-W', '-f', '${db:Status-Status}', PACKAGE)).toBe('installed');
  expect(inCopy(PROGRAM, '--version')).toMatch(/mtools/);
  expect(again).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/system packages +there/),
  });
});

it('the machine itself was not changed', () => {
  expect(builder()).toBe(before);
});
