import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeBtrfsSystem, type BtrfsSystem } from './support/btrfs-system.ts';
import { endCommands, startCommand, type RunningCommand } from './support/livesys.ts';
import { familyOf, isAlive, type Process } from './support/processes.ts';
import { run } from './support/run.ts';
import { seenWhile } from './support/seen-while.ts';
import { makeWorkspace, type Workspace } from './support/workspace.ts';

// A running system on btrfs is read from snapshots, and nothing of them is left.

const CONFIGS = fileURLToPath(new URL('./support/tiny/', import.meta.url));
const PROJECT = '/srv/project';
const CACHE = 'var/cache/livesys';
const build = (out: string): readonly string[] => [
  ...['build', '-c', 'snapshots.config.ts', '-o', `/srv/${out}`],
];

let workspace: Workspace;
const systems: BtrfsSystem[] = [];
let system: BtrfsSystem;
beforeAll(async () => {
  workspace = makeWorkspace();
  system = await makeFurnished('subvolumes');
});
afterAll(() => {
  endCommands();
  for (const made of systems) made.remove();
  workspace?.remove();
});

async function makeFurnished(layout: 'subvolumes' | 'top'): Promise<BtrfsSystem> {
  const made = makeBtrfsSystem(workspace.make(`system-${layout}`), layout);
  systems.push(made);
  mkdirSync(join(made.root, PROJECT), { recursive: true });
  cpSync(CONFIGS, join(made.root, PROJECT), { recursive: true });
  const end = await made.shell(`mkdir -p /home/anna; echo old >/home/anna/old
    echo image >/var/lib/machines/image; echo deep >/var/lib/machines/inner/deep
    chmod 750 /var/lib/machines; chmod 700 /.snapshots; echo lost >/.snapshots/1/snapshot/lost`);
  if (end.status !== 0) throw new Error(end.stderr);
  return made;
}

/** Unpacks the layer of a medium; gives the folder. */
function unpack(made: BtrfsSystem, out: string, layer = 'base'): string {
  const at = join(workspace.folder, `${out}-unpacked`);
  rmSync(at, { recursive: true, force: true });
  const iso = join(made.root, 'srv', out, 'tiny-1.iso');
  run('xorriso', '-osirrox', 'on', '-indev', iso, '-extract', '/livesys/layers', `${at}/layers`);
  const file = readdirSync(`${at}/layers`).find((name) => name.startsWith(`${layer}-`)) ?? '';
  run('unsquashfs', '-no-progress', '-dest', `${at}/${layer}`, `${at}/layers/${file}`);
  return `${at}/${layer}`;
}

/** Everything in the source, contents and times included, but for what a build writes. */
async function stateOf(made: BtrfsSystem): Promise<string> {
  const prune = ['/proc', '/sys', '/dev', '/repository', `/${CACHE}`, '/srv', '/tmp', '/run'];
  const list = prune.map((path) => `-path ${path} -prune -o`).join(' ');
  const { stdout } = await made.shell(
    `find / ${list} -printf '%p %y %m %U %G %s %T@ %l\\n' | sort; find / ${list} -type f -exec sha256sum {} +`,
  );
  return stdout;
}

it('the plan says what is read from a snapshot', async () => {
  const { stdout } = await system.livesys(['plan', '-c', 'snapshots.config.ts'], PROJECT);
  const lines = stdout.split('\n').map((line) => line.replaceAll(/\s+/g, ' ').trim());
  for (const pattern of [/^in: \/ btrfs .*, read from a snapshot$/, /^\/home btrfs .*snapshot$/])
    expect(lines).toContainEqual(expect.stringMatching(pattern));
});

it.each(['subvolumes', 'top'] as const)(
  'a system in %s: the source is as before, all of it is in the base, and there is nothing to do again',
  async (layout) => {
    const made = layout === 'top' ? await makeFurnished(layout) : system;
    // A folder that a build makes would be another source for the next one.
    mkdirSync(join(made.root, 'srv', `quiet-${layout}`));
    const before = await stateOf(made);
    const first = await made.livesys(build(`quiet-${layout}`), PROJECT);
    expect([
      first.stderr.split('\n').filter((line) => /warn|error/.test(line)),
      first.status,
    ]).toEqual([[], 0]);
    expect(made.snapshots()).toEqual([]);
    expect(await stateOf(made)).toBe(before);
    const again = await made.livesys(build(`quiet-${layout}`), PROJECT);
    expect(again.stdout).toMatch(/nothing to do: \d+ tasks cached/);

    const base = unpack(made, `quiet-${layout}`);
    const texts = ['home/anna/old', 'var/lib/machines/image', 'var/lib/machines/inner/deep'];
    expect(texts.map((path) => run('cat', join(base, path)))).toEqual(['old', 'image', 'deep']);
    const modes = ['var/lib/machines', '.snapshots'].map((path) =>
      run('stat', '--format=%a', join(base, path)),
    );
    expect(modes).toEqual(['750', '700']);
    expect(readdirSync(join(base, '.snapshots'))).toEqual([]);
    expect(readdirSync(base).filter((name) => name.startsWith('.livesys-'))).toEqual([]);
  },
);

/** Changes each part of the system all the time, one thing always before another one. */
const WRITER = `mkdir -p /srv/order; number=0
while :; do number=$((number + 1))
  for name in first second; do ln -s "$number" "/srv/order/new"; mv -T /srv/order/new "/srv/order/$name"; done
  for path in /var/lib/grows /home/anna/grows /var/lib/machines/inner/grows; do echo "$number" >>"$path"; done
done`;

it('what changes all the time is packed as it was at one moment', async () => {
  const end =
    await system.shell(`(${WRITER}) & writer=$!; cd ${PROJECT}; HOME=/root; export HOME; status=0
    node /repository/packages/cli/dist/main.js ${build('changing').join(' ')} || status=$?
    kill $writer; exit $status`);
  expect([end.stderr, end.status]).toEqual([expect.not.stringContaining('warning'), 0]);
  expect(system.snapshots()).toEqual([]);
  const base = unpack(system, 'changing');
  const [first, second] = ['first', 'second'].map((name) =>
    Number(run('readlink', join(base, 'srv/order', name))),
  );
  expect((first ?? 0) - (second ?? 0)).toBeOneOf([0, 1]);
  expect(existsSync(join(base, 'var/lib/machines/inner/grows'))).toBe(true);
});

interface HeldBuild extends RunningCommand {
  readonly seen: readonly Process[];
  release(): void;
}

/** Starts a build that stays in the middle of a task, with its snapshots taken. */
async function startHeld(out: string): Promise<HeldBuild> {
  const talk = join(system.root, CACHE, 'downloads/talk');
  mkdirSync(talk, { recursive: true });
  run('touch', join(talk, 'hold'));
  rmSync(join(talk, 'running'), { force: true });
  const command = system.start([...build(out), '--refresh', 'tree:tools'], PROJECT);
  await seenWhile(command, () => existsSync(join(talk, 'running')));
  expect(system.snapshots()).toContainEqual(expect.stringMatching(/^\.livesys-snapshot-.*\/0$/));
  const release = (): void => rmSync(join(talk, 'hold'));
  return { ...command, release, seen: familyOf(command.pid) };
}

it.each([
  ['SIGINT', 130],
  ['SIGKILL', null],
] as const)('%s leaves no snapshot', async (signal, status) => {
  const command = await startHeld('held');
  process.kill(command.pid, signal);
  const end = await command.ended;
  command.release();
  expect(end.status).toBe(status);
  // Unwinding is done when the command ends; where it could not be, others see to it.
  expect(signal === 'SIGINT' ? system.snapshots() : await system.snapshotsAtLast()).toEqual([]);
  expect(command.seen.filter(isAlive)).toEqual([]);
});

it('a task that fails leaves no snapshot', async () => {
  system.write({
    [`${PROJECT}/fails.config.ts`]: `import base from './snapshots.config.ts';
export default { ...base, layers: { site: { commands: [['false']] } } };`,
  });
  const end = await system.livesys(['build', '-c', 'fails.config.ts'], PROJECT);
  expect([end.status, end.stderr]).toEqual([5, expect.stringContaining('LIVESYS_COMMAND_FAILED')]);
  expect(system.snapshots()).toEqual([]);
});

it('a snapshot that cannot be taken ends the build, and those before it are removed', async () => {
  const real = join(system.root, 'bin/btrfs');
  run('mv', real, `${real}-real`);
  system.write({
    '/bin/btrfs': `#!/bin/sh
case "$*" in *snapshot*@home*) echo 'ERROR: cannot snapshot: no luck' >&2; exit 1;; esac
exec btrfs-real "$@"`,
  });
  chmodSync(real, 0o755);
  const end = await system.livesys([...build('failed'), '--refresh', 'layer:base'], PROJECT);
  run('mv', `${real}-real`, real);
  expect(end).toMatchObject({ status: 5, stdout: '' });
  expect(end.stderr).toContain('No snapshot of what is mounted at /home could be taken.');
  expect(end.stderr).toContain('ERROR: cannot snapshot: no luck');
  expect(end.stderr).toContain('LIVESYS_SNAPSHOT_FAILED');
  expect(system.snapshots()).toEqual([]);
});

it('the next build removes what a power cut left, and what is of others stays', async () => {
  const command = await startHeld('cut');
  const kin = command.seen.filter(({ argv }) => argv.includes('livesys-janitor'));
  for (const { pid } of [...kin, { pid: command.pid }]) process.kill(pid, 'SIGKILL');
  await command.ended;
  command.release();
  const [left = ''] = system.snapshots();
  // As it is after the machine has started again: nothing of the run is in memory.
  const owner = join(system.top, left, 'owner');
  run('sed', '-i', 's/^boot .*/boot of-another-time/; s/^lock .*/lock \\/nowhere/', owner);
  await allEnded(command.seen);
  const others = {
    '.livesys-snapshot-1-a': 'something else',
    '.livesys-snapshot-2-b': noteOf('/not/seen/here.lock'),
    '.livesys-snapshot-3-c': noteOf('/srv/held.lock'),
    '.livesys-snapshot-named by a person': 'livesys-snapshot 1\nboot x\nlock x\n',
  };
  for (const [name, text] of Object.entries(others)) {
    mkdirSync(join(system.top, name), { mode: 0o700 });
    writeFileSync(join(system.top, name, 'owner'), text);
  }
  const dead = join(system.top, '.livesys-snapshot-4-d');
  mkdirSync(dead, { mode: 0o700 });
  run('btrfs', 'subvolume', 'snapshot', '-r', join(system.top, '@home'), join(dead, '0'));
  writeFileSync(join(dead, 'owner'), noteOf('/srv/free.lock'));
  writeFileSync(join(system.root, 'srv/free.lock'), '');
  const held = startCommand(
    ['flock', join(system.root, 'srv/held.lock'), 'sh', '-c', 'echo held; cat'],
    {
      cwd: '/',
    },
  );
  await held.said(/held/);
  // Before a build takes snapshots, so that there is room for them.
  const next = await startHeld('cut');
  expect(system.snapshots()).not.toContain(left);
  next.release();
  const end = await next.ended;
  held.closeInput();
  await held.ended;
  expect(end).toMatchObject({ status: 0 });
  expect([left, system.snapshots()]).toEqual([
    expect.stringMatching(/^\.livesys-snapshot-/),
    Object.keys(others),
  ]);
  for (const name of Object.keys(others)) rmSync(join(system.top, name), { recursive: true });
});

async function allEnded(processes: readonly Process[]): Promise<void> {
  const end = Date.now() + 20_000;
  while (processes.some(isAlive) && Date.now() < end) await pause(20);
  expect(processes.filter(isAlive)).toEqual([]);
}

/** What a run of this start of the machine writes down. */
const noteOf = (lock: string): string =>
  `livesys-snapshot 1\nboot ${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8')}lock ${lock}\n`;
