import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Screen } from '../support/screen.ts';
import { makeAccount, type Account } from './support/account.ts';
import { leftovers, leftoversAtLast } from './support/leftovers.ts';
import { endCommands, LIVESYS, onTerminal, startCommand } from './support/livesys.ts';
import { familyOf, type Process } from './support/processes.ts';
import { makeProject, type Project } from './support/project.ts';
import { seenWhile } from './support/seen-while.ts';
import { makeWorkspace, type Workspace } from './support/workspace.ts';

const SIZE = { columns: 100, rows: 24 };
const CTRL_C = '\u0003';

/** How the output ends: what happened, what next, the code. */
const END =
  /\nInterrupted\.\n +Run the same command again; finished tasks are kept\.\nLIVESYS_INTERRUPTED \(exit 130\).*\n$/;
const MESSAGE = /^interrupted: cleaning up \(again to stop at once\)\r?$/m;

let workspace: Workspace;
let account: Account;
let project: Project;
beforeAll(() => {
  workspace = makeWorkspace();
  account = makeAccount(workspace.folder);
  project = makeProject(join(account.home, 'work'), { owner: account });
});
afterAll(() => {
  endCommands();
  workspace?.remove();
});

/** Starts a build that is known to be in the middle of a task. Gives every process of it. */
async function startHeld(argv: readonly string[], how?: 'stubborn') {
  project.hold(how);
  const env = { ...project.env, HOME: account.home, TERM: 'xterm' };
  const command = startCommand(argv, { cwd: project.folder, prefix: account.become, env });
  await seenWhile(command, () => project.isHeld());
  return { ...command, seen: familyOf(command.pid) };
}

const traces = (seen: readonly Process[]) => ({
  ...{ cache: project.cache, seen },
  outputs: [project.output],
});

it.each([
  ['as the person', []],
  ['with sudo', ['sudo', '--non-interactive', '--preserve-env=LIVESYS_CACHE']],
])(
  'Ctrl-C on a terminal, %s: one message, exit 130, an orderly screen, nothing left',
  async (_, prefix) => {
    const command = await startHeld(onTerminal([...prefix, LIVESYS, 'build'], SIZE));
    command.type(CTRL_C);
    const end = await command.ended;
    const screen = new Screen(SIZE.columns, SIZE.rows);
    screen.write(end.stdout);

    expect(end).toMatchObject({ status: 130 });
    expect(screen.text.split(MESSAGE).length - 1).toBe(1);
    expect(screen.text).toMatch(END);
    expect(screen.text).not.toMatch(/▸|^ ·|^\s+at /m);
    // Unwinding is done when the command ends, not some time later.
    expect(leftovers(traces(command.seen))).toEqual([]);
  },
);

it('Ctrl-C in a script ends it the same way, when other tasks are finished', async () => {
  const command = await startHeld([LIVESYS, 'build']);
  await command.said(/^install site: (done|cached)/m);
  command.interrupt();
  const end = await command.ended;

  expect(end).toMatchObject({ status: 130 });
  expect(end.stderr.split(MESSAGE).length - 1).toBe(1);
  expect(end.stderr).toMatch(END);
  expect(end.stdout).toBe('');
  expect(leftovers(traces(command.seen))).toEqual([]);
});

it('a second Ctrl-C ends at once a build whose task does not, and leaves nothing', async () => {
  const command = await startHeld([LIVESYS, 'build'], 'stubborn');
  const start = Date.now();
  command.interrupt();
  await command.said(MESSAGE);
  // Somebody who wants it to end at once presses again and again.
  const pressing = setInterval(() => command.interrupt(), 100);
  const end = await command.ended.finally(() => clearInterval(pressing));

  expect(end).toMatchObject({ status: 130 });
  expect(end.stderr).not.toMatch(/^\s+at /m);
  expect(Date.now() - start).toBeLessThan(2000);
  expect(await leftoversAtLast(traces(command.seen))).toEqual([]);
});

it('the same build then simply works, with what was finished', async () => {
  const command = await startHeld([LIVESYS, 'build']);
  project.release();
  const end = await command.ended;

  expect(end).toMatchObject({ status: 0 });
  expect(end.stderr).toContain('install site: cached');
  expect(leftovers(traces(command.seen))).toEqual([]);
});
