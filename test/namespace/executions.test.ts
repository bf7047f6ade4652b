import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Plan } from '../../packages/core/src/plan/model.ts';
import { applyWell } from './support/caller.ts';
import { readTrace, traceInto, type TracedProcess } from './support/executions.ts';
import { makePlan } from './support/plan.ts';
import { makeRoot } from './support/root-tree.ts';
import { run } from './support/run.ts';
import { makeUser, removeUser, type TestUser } from './support/user.ts';
import { makeWorkspace, type Workspace } from './support/workspace.ts';

/** Programs that the sandbox may run for itself; whatever else the worker starts is in the plan. */
const HELPERS = ['mount', 'umount', 'mknod', 'ln', 'find', 'sync', 'hostname', 'xargs'];
/** Carries out the operation `copy`, outside of the task's root but without a network. */
const COPY = ['unshare', '--net', '--wd=/', '--', 'cp'];
/** Compiles the sources of livesys when it runs from them, as it does here; no part of a package. */
const COMPILER = /\/esbuild$/;

let workspace: Workspace;
let user: TestUser;
beforeAll(() => {
  workspace = makeWorkspace();
  user = makeUser(workspace.folder);
});
afterAll(() => {
  removeUser();
  workspace?.remove();
});

it.each(['root', 'user'])('runs what the plan says and nothing else, as %s', async (who) => {
  const plan = everyPlace(makeSource(who));
  const cache = workspace.make(`cache-${who}`, who === 'user' ? user : undefined);
  const trace = join(workspace.folder, `trace-${who}`);
  // A tracer must be root to follow into a user namespace, so it starts before the change of user.
  await applyWell(
    workspace.folder,
    { plan, options: { cache } },
    { prefix: traceInto(trace), user: who === 'user' ? user : undefined },
  );

  const traced = readTrace(trace);
  const worker = traced.find((one) =>
    one.programs.some((argv) => argv[0] === 'unshare' && /worker\.[jt]s$/.test(argv.at(-1) ?? '')),
  );
  const started = children(traced, workerItself(traced, worker));
  const [tools, helpers] = [started.filter(isInRoot), started.filter((one) => !isInRoot(one))];

  expect(tools.map(toolOf).sort()).toEqual(commandsOf(plan).map(line).sort());
  expect(tools.filter((one) => wrapperOf(one).includes('--net')).map(toolOf)).not.toContain(
    line(NETWORKED),
  );
  expect(tools.filter((one) => !wrapperOf(one).includes('--net')).map(toolOf)).toEqual([
    line(NETWORKED),
  ]);
  expect(
    helpers.filter((helper) => !isKnownHelper(helper)).map((helper) => helper.programs),
  ).toEqual([]);
});

const NETWORKED = ['sh', '-c', 'echo network'];

/** A plan whose commands are each told apart, in every place, through each operation that runs one. */
function everyPlace(root: string): Plan {
  return makePlan((plan, recorder) => {
    const base = plan.directory({ id: 'source:base', path: root });
    recorder.useTools(base);
    const layer = plan.layer({ id: 'tree:layer', on: base }, (ops) => {
      ops.exec(['sh', '-c', 'echo "in a layer" >/etc/layer; rm -rf /data; mkdir /data']);
      ops.exec(['sh', '-c', 'exec echo "$1"', 'sh', `quotes " ' $HOME \\ \n and ünïcode`]);
      ops.copy('/etc', '/copied');
      ops.write('/etc/written', 'text');
    });
    plan.layer({ id: 'tree:networked', on: layer, network: true }, (ops) => ops.exec(NETWORKED));
    plan.task({ id: 'task:chroot', place: { chroot: layer }, outputs: ['out'] }, (ops) => {
      ops.pipe([['echo', 'from'], ['cat'], ['tee', ops.output('out')]]);
    });
    plan.task(
      {
        id: 'task:tools',
        place: { on: 'tools', mounts: { '/mnt': layer } },
        outputs: ['out', 'hash'],
      },
      (ops) => {
        ops.exec(['cp', '/mnt/etc/layer', ops.output('out')], {
          cwd: '/tmp',
          env: { NAME: 'value' },
        });
        ops.digest(ops.output('out'), ops.output('hash'));
      },
    );
    plan.task(
      { id: 'task:builder', place: { on: 'builder', mounts: {} }, outputs: ['out'] },
      (ops) => {
        ops.exec(['touch', ops.output('out')]);
      },
    );
  });
}

function makeSource(who: string): string {
  const root = workspace.make(`root-${who}`);
  makeRoot(root);
  for (const folder of ['mnt', 'data/inner']) mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(join(root, 'data/inner/file'), '');
  if (who === 'user') run('chown', '-R', `${user.uid}:${user.gid}`, root);
  return root;
}

function commandsOf(plan: Plan): readonly (readonly string[])[] {
  return plan.tasks
    .flatMap((task) => task.operations)
    .flatMap((operation) =>
      operation.kind === 'exec'
        ? [operation.argv]
        : operation.kind === 'pipe'
          ? operation.commands
          : [],
    )
    .map((argv) => argv.map(String));
}

/** `unshare` starts the worker as a child, because a PID namespace begins with one. */
function workerItself(
  traced: readonly TracedProcess[],
  supervisor: TracedProcess | undefined,
): number {
  const found = traced.find(
    (one) =>
      one.parent === supervisor?.pid &&
      one.programs.some((argv) => /worker\.[jt]s$/.test(argv.at(-1) ?? '')),
  );
  if (supervisor === undefined || found === undefined) throw new Error('the trace has no worker');
  return found.pid;
}

/** Processes started by one, from any of its threads. */
function children(traced: readonly TracedProcess[], pid: number): readonly TracedProcess[] {
  const threads = traced
    .filter((one) => one.parent === pid && one.programs.length === 0)
    .map((one) => one.pid);
  return traced.filter(
    (one) => one.programs.length > 0 && [pid, ...threads].includes(one.parent ?? 0),
  );
}

/** A command of the plan: the sandbox's own wrapper puts it into the root of its task. */
function isInRoot(process: TracedProcess): boolean {
  return wrapperOf(process).some((argument) => argument.startsWith('--root='));
}

function wrapperOf({ programs }: TracedProcess): readonly string[] {
  const [first = []] = programs;
  return first[0] === 'unshare' ? first.slice(0, first.indexOf('--')) : [];
}

function isKnownHelper({ programs }: TracedProcess): boolean {
  const [argv = []] = programs;
  const [program = ''] = argv;
  return (
    HELPERS.includes(program) ||
    COMPILER.test(program) ||
    COPY.every((part, index) => argv[index] === part)
  );
}

function toolOf({ programs }: TracedProcess): string {
  const [wrapper = [], tool = []] = programs;
  expect(wrapper.slice(wrapper.indexOf('--') + 1)).toEqual(tool);
  return line(tool);
}

function line(argv: readonly string[]): string {
  return JSON.stringify(argv);
}
