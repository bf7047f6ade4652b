import { afterAll, beforeAll, expect, it } from 'vitest';
import { Screen } from '../support/screen.ts';
import { LIVESYS, onTerminal, runCommand } from './support/livesys.ts';
import { makeProject, type Project } from './support/project.ts';
import { makeWorkspace, type Workspace } from './support/workspace.ts';

const ESCAPE = '\u001B';
const HIDE_CURSOR = `${ESCAPE}[?25l`;
const DIM = `${ESCAPE}[2m`;
/** Of all tasks, sorted. */
const TITLES = [
  ...['ISO', 'base', 'boot image', 'fixups', 'install site', 'kernel N', 'layer fixups'],
  ...['layer site', 'manifest', 'tools'],
];
const SIZE = { columns: 100, rows: 24 };

let workspace: Workspace;
let project: Project;
beforeAll(() => {
  workspace = makeWorkspace();
  project = makeProject(workspace.make('tiny'));
});
afterAll(() => workspace?.remove());

/** A build on a terminal: what was sent to it, and what is seen there in the end. */
async function build(env: Readonly<Record<string, string>> = {}) {
  const { status, stdout } = await runCommand(onTerminal([LIVESYS, 'build'], SIZE), {
    cwd: project.folder,
    env: { ...project.env, TERM: 'xterm', ...env },
  });
  const screen = new Screen(SIZE.columns, SIZE.rows);
  screen.write(stdout);
  return { status, sent: stdout, seen: screen.text };
}

// From an empty cache to a full one: the second test finds what the first one built.

it('a build draws what runs, how far it is and what waits, and leaves one line for each task and the summary', async () => {
  project.slowDown();
  const { status, sent, seen } = await build();
  const [header = '', tasks = '', summary = ''] = seen.split('\n\n');

  expect({ status, sent }).toMatchObject({ status: 0 });
  for (const percent of [30, 60, 90])
    expect(sent).toMatch(new RegExp(`▸ boot image +█+░* +${percent} %`));
  expect(sent).toMatch(/^ · (layer site|\d+ more)\r$/m);
  expect(sent).not.toContain(HIDE_CURSOR);

  expect(header).toMatch(/^livesys \S+ · .*livesys\.config\.ts · source \.\.\/root\nplugins /);
  expect(header).toMatch(/\nplan +10 tasks · needs .* free\)$/);
  expect(
    tasks
      .split('\n')
      .map((line) => line.replaceAll(/\d+(\.\d)?/g, 'N'))
      .sort(),
  ).toEqual(
    TITLES.map((title) => expect.stringMatching(new RegExp(`^ ✓ ${title} +N [KM]iB +N s$`))),
  );
  expect(summary).toMatch(
    / ✓ dist\/tiny-1\.iso {2}[\d.]+ MiB {2}image [\da-f]{4}-[\da-f]{4} {2}BIOS \+ UEFI\n/,
  );
  expect(summary).toMatch(/\n {3}10 tasks in [\d.]+ s\n/);
  expect(summary).toMatch(/\n {3}next: {2}livesys boot dist\/tiny-1\.iso /);
  expect(summary).toMatch(/\n {10}livesys inspect dist\/tiny-1\.iso .*\n/);
  expect(summary).toMatch(/\n {10}livesys write dist\/tiny-1\.iso .*\n$/);
});

it.each([
  ['dims what was cached', {}, true],
  ['sends no colour with NO_COLOR', { NO_COLOR: '1' }, false],
])('a build without work %s', async (_, env, colored) => {
  const { status, sent, seen } = await build(env);

  expect({ status, sent }).toMatchObject({ status: 0 });
  expect(sent.includes(DIM)).toBe(colored);
  expect(seen).toMatch(/^ ✓ boot image +cached$/m);
  expect(seen).toMatch(/^ {3}nothing to do: 10 tasks cached/m);
});

it('a terminal that cannot move its cursor gets lines', async () => {
  const { status, sent } = await build({ TERM: 'dumb' });

  expect({ status, sent }).toMatchObject({ status: 0 });
  expect(sent).toContain('boot image: cached\r\n');
  expect(sent).not.toContain(ESCAPE);
});
