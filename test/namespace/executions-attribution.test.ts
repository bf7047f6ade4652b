import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { Plan } from '../../packages/core/src/plan/model.ts';
import { readAllowList, type Allowed } from './support/executions/allowed.ts';
import { attribute } from './support/executions/attribute.ts';
import { readExecutions } from './support/executions/execution.ts';
import { orderProblems } from './support/executions/order.ts';
import { planCommands } from './support/executions/plan-commands.ts';
import { readCalls } from './support/executions/strace.ts';
import { makePlan } from './support/plan.ts';

/** What was recorded of a small sandbox, shortened. */
const TRACE = readFileSync(new URL('./support/executions/small.trace', import.meta.url), 'utf8');
const PLACES = { cache: '/cache', run: 'run', node: '/usr/bin/node', task: /\w+/ };
const ALLOWED = readAllowList(
  {
    test: { '<node> main.js apply /plan.json': { as: 'caller', why: 'applies' } },
    caller: {
      'unshare --mount --pid --fork | <node> worker.js': { as: 'worker', why: 'works' },
      'sh -c <script> janitor <cache>/tmp/<run>': { as: 'janitor', why: 'waits' },
    },
    janitor: { cat: 'waits', 'rm -rf <cache>/tmp/<run>': 'removes' },
    worker: { 'mount --bind /source <cache>/tmp/<run>/points/<task>/root': 'shows a root' },
  },
  'root',
  { ...PLACES, script: 'cat; exec rm -rf "$1"' },
);
const LIST = ['sh', '-c', 'ls / | sort'];
const ECHO = ['echo', 'a "quoted"\nline, ü'];

const planOf = (...commands: readonly string[][]): Plan =>
  makePlan((plan) => {
    const base = plan.directory({ id: 'source:base', path: '/source' });
    plan.layer({ id: 'tree:layer', on: base }, (ops) => commands.forEach((one) => ops.exec(one)));
  });

async function problemsOf(
  trace: string,
  plan = planOf(LIST, ECHO),
  allowed: readonly Allowed[] = ALLOWED,
): Promise<readonly string[]> {
  const commands = await planCommands(plan, '/cache', PLACES);
  const found = attribute(readExecutions(readCalls(trace)), { allowed, commands });
  const unseen = allowed.filter((one) => !found.seen.has(one)).map((one) => `unseen: ${one.form}`);
  return [...found.problems, ...orderProblems(plan, found.executed), ...unseen];
}

/** The trace with a program more, executed by what a process has become at a line of the trace. */
function withExtra(at: RegExp, path = '/usr/bin/true', argv = ['true'], by?: number): string {
  const lines = TRACE.split('\n');
  const index = lines.findIndex((line) => at.test(line));
  const process = by ?? Number.parseInt(lines[index] ?? '', 10);
  lines.splice(
    index + 1,
    0,
    `${process} fork() = 7 /* 900 in strace's PID NS */`,
    `900 execve("${path}", [${argv.map((one) => JSON.stringify(one)).join(', ')}], 0x1 /* 9 vars */) = 0`,
    '900 +++ exited with 0 +++',
  );
  return lines.join('\n');
}

it('finds nothing in what was recorded', async () => {
  expect(await problemsOf(TRACE)).toEqual([]);
});

it.each([
  ['the caller', /100 +execve/],
  ['a thread of the caller', /101 +clone/],
  ['what starts the worker', /104 +execve/],
  ['the worker', /105 +execve/],
  ['a helper of the worker', /106 +execve/],
  ['what puts a command into its root', /107 +<... execve resumed/],
  ['the janitor', /102 +execve.* = 0/],
  ['a helper of the janitor', /102 +execve.*"rm"/],
])('finds a program more, executed by %s', async (_, at) => {
  expect(await problemsOf(withExtra(at))).toEqual([
    expect.stringMatching(/^not expected: \/usr\/bin\/true \["true"\] by \[/),
  ]);
});

it.each([
  ['a command', /107 +execve\("\/bin\/sh"/],
  ['what a command executes', /108 +execve/],
])('leaves it to %s what it executes', async (_, at) => {
  expect(await problemsOf(withExtra(at))).toEqual([]);
});

it('finds a command of the plan that is executed twice', async () => {
  const root = '--root=/cache/tmp/run/points/tree_layer/root';
  const placed = ['unshare', '--net', root, '--wd=/', '--', ...LIST];
  expect(await problemsOf(withExtra(/110 +\+\+\+/, '/usr/bin/unshare', placed, 105))).toEqual([
    expect.stringContaining('not expected: /usr/bin/unshare'),
  ]);
  expect(await problemsOf(withExtra(/107 +<... execve resumed/, '/bin/sh', LIST))).toContainEqual(
    expect.stringContaining('not expected: /bin/sh'),
  );
});

it.each([
  ['an argument of a helper', '"--bind", "/source"', '"--bind", "/etc"'],
  ['an argument more of a helper', '"--bind", "/source"', '"--bind", "-v", "/source"'],
  ['another program under the name of a helper', '"/usr/bin/mount"', '"/tmp/mount"'],
  ['an argument of the worker', '"/usr/bin/node", "worker.js"]', '"/usr/bin/node", "-r", "x"]'],
  ['a command with a network', '"unshare", "--net"', '"unshare"'],
  ['an argument of a command', '["sh", "-c", "ls / | sort"]', '["sh", "-c", "ls"]'],
  ['arguments that run together', '["sh", "-c", "ls / | sort"]', '["sh", "-c ls / | sort"]'],
])('finds %s', async (_, from, to) => {
  const problems = await problemsOf(TRACE.replaceAll(from, to));
  expect(problems).toContainEqual(expect.stringContaining('not expected: '));
});

it('finds a command that was not executed', async () => {
  expect(await problemsOf(TRACE, planOf(LIST, ECHO, ['true']))).toEqual([
    'not executed: tree:layer ["true"]',
  ]);
});

it('finds commands that were executed in another order', async () => {
  expect(await problemsOf(TRACE, planOf(ECHO, LIST))).toEqual([
    expect.stringMatching(/^tree:layer \["sh",.* began before the end of tree:layer \["echo"/),
  ]);
});

it('finds what is allowed and not executed, or allowed twice', async () => {
  const [first, ...rest] = ALLOWED as [Allowed, ...Allowed[]];
  const more = (by: string, argv: RegExp) => [...ALLOWED, { ...first, by, form: 'more', argv }];
  expect(await problemsOf(TRACE, undefined, more('worker', /^true$/))).toEqual(['unseen: more']);
  expect(await problemsOf(TRACE, undefined, more('janitor', /^cat$/))).toContainEqual(
    expect.stringContaining('ambiguous: /usr/bin/cat'),
  );
  expect(await problemsOf(TRACE, undefined, rest)).not.toEqual([]);
});

it.each([
  ['an argument that was cut', '110   execve("/bin/echo", ["echo", "a"...], 0x1 /* 9 vars */) = 0'],
  ['a call whose end is not known', '110   execve("/bin/echo", ["echo"], 0x1 /* 9 vars */) = ?'],
  ['a call without an end', '110   execve("/bin/echo", ["echo"], 0x1 <unfinished ...>'],
  [
    'a kill in a call',
    '110   execve("/x", ["x"], NULL <unfinished ...>\n110   +++ killed by SIGKILL +++',
  ],
  ['another call', '110   unlink("/etc/passwd") = 0'],
  ['a thread that nobody started', '999   execve("/bin/echo", ["echo"], NULL) = 0'],
])('refuses a trace with %s', (_, line) => {
  expect(() => readExecutions(readCalls(`${TRACE}${line}\n`))).toThrow(/cannot be read|nobody/);
});
