import { cpSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CommandEnd } from './support/livesys.ts';
import { makeRunningSystem, type RunningSystem } from './support/running-system.ts';
import { resultOf } from './support/results.ts';
import { run } from './support/run.ts';
import { makeWorkspace, type Workspace } from './support/workspace.ts';

// The source is the system that runs: a small one, with file systems of its own.

const CONFIGS = fileURLToPath(new URL('./support/tiny/', import.meta.url));
const PROJECT = '/srv/project';
const BUILD = ['build', '-c', 'host.config.ts'];

let workspace: Workspace;
let system: RunningSystem;
let cache: string;
let first: CommandEnd;
let again: CommandEnd;
/** Everything in the base, and in the layer above it, unpacked. */
let base: string;
let layer: string;
let before: string;
beforeAll(async () => {
  workspace = makeWorkspace();
  system = makeRunningSystem(workspace.folder);
  cache = join(system.root, 'var/cache/livesys');
  mkdirSync(join(workspace.folder, PROJECT), { recursive: true });
  cpSync(CONFIGS, join(workspace.folder, PROJECT), { recursive: true });
  system.write({
    '/mnt/stick/beneath': 'hidden by a mount',
    '/home/beneath': 'hidden by a mount',
    '/var/lib/big/large': 'large',
    '/var/lib/big/small': 'small',
    '/var/lib/kept': 'kept',
    '/usr/local/a.tmp': 'temporary',
  });
  await system.shell(`mkdir -p /home/anna/.cache/kept; cd /home/anna
    echo letter >letter; echo old >old; echo c >.cache/lost; echo c >.cache/kept/file
    chown -R 1000:1000 /home/anna; chmod 700 /home/anna; chmod 751 /home; chmod 2750 /var/lib/big`);
  before = await stateOf();
  first = await system.livesys(BUILD, PROJECT);
  again = await system.livesys(BUILD, PROJECT);
  if (first.status !== 0) throw new Error(first.stderr);
  base = await unpacked('base');
  layer = await unpacked('site');
});
afterAll(() => workspace?.remove());

async function unpacked(name: string): Promise<string> {
  const at = join(workspace.folder, `unpacked-${name}`);
  const file = join(await resultOf(cache, `layer:${name}`), 'squashfs');
  run('unsquashfs', '-no-progress', '-dest', at, file);
  return at;
}

/** Everything in the source, contents included, but for the cache and what is made in the project. */
async function stateOf(): Promise<string> {
  const prune = [
    ...['/proc', '/sys', '/dev', '/mnt/stick', '/repository'],
    ...['/var/cache/livesys', PROJECT],
  ];
  const list = prune.map((path) => `-path ${path} -prune -o`).join(' ');
  const { stdout } = await system.shell(
    `find / ${list} -printf '%p %y %m %U %G %s %T@ %l\\n' | sort; find / ${list} -type f -exec sha256sum {} +`,
  );
  return stdout;
}

it('a build of the running system makes the output, without a network when the tools are installed', () => {
  expect(first.stdout).toContain('dist/tiny-1.iso');
});

it('nothing changed, nothing to do', () => {
  expect(again.stdout).toMatch(/nothing to do: \d+ tasks cached/);
});

it('the source is the same before and after', async () => {
  expect(await stateOf()).toBe(before);
});

describe('the base', () => {
  const has = (path: string): boolean => existsSync(join(base, path));

  it('holds what is in each file system of the system', () => {
    expect(
      run('cat', ...['home/anna/letter', 'var/lib/kept'].map((path) => join(base, path))),
    ).toBe('letter\nkept');
    expect(run('stat', '--format=%a %u', join(base, 'home/anna'))).toBe('700 1000');
    expect(run('stat', '--format=%a', join(base, 'home'))).toBe('751');
  });

  it('holds nothing of what comes and goes, nor what such mounts hide', () => {
    expect(
      ['proc', 'sys', 'dev', 'mnt/stick'].map((path) => run('ls', '-A', join(base, path))),
    ).toEqual(['', '', '', '']);
    expect(has('home/beneath')).toBe(false);
  });

  it('holds neither cache nor output', () => {
    expect(run('ls', '-A', join(base, 'var/cache/livesys'))).toBe('');
    expect(has('srv/project/livesys.config.ts')).toBe(true);
    expect(has('srv/project/dist')).toBe(false);
  });

  it('is without what the config leaves out, and has what it brings back', () => {
    expect([has('repository'), has('usr/local/a.tmp')]).toEqual([false, false]);
    expect(run('ls', '-A', join(base, 'var/lib/big'))).toBe('small');
    expect(run('stat', '--format=%a', join(base, 'var/lib/big'))).toBe('2750');
    expect(run('ls', '-A', join(base, 'tmp'))).toBe('');
    expect(run('find', join(base, 'home/anna/.cache'), '-type', 'f')).toBe(
      join(base, 'home/anna/.cache/kept/file'),
    );
  });

  it('carries no mark of overlayfs', () => {
    expect(run('getfattr', '-R', '-d', '-m', 'overlay', base)).toBe('');
  });
});

it('a layer holds what was written to and deleted from each file system', () => {
  const found = run('find', layer, '-type', 'f', '-printf', String.raw`%P\n`)
    .split('\n')
    .sort();
  expect(found).toEqual(['etc/new', 'home/anna/new', 'var/lib/made/file']);
  expect(run('stat', '--format=%F', join(layer, 'home/anna/old'))).toBe('character special file');
  expect(run('stat', '--format=%a %u', join(layer, 'home/anna'))).toBe('700 1000');
});

it('the plan lists what is in, what is out, and why', async () => {
  const { stdout } = await system.livesys(['plan', '-c', 'host.config.ts'], PROJECT);
  const lines = stdout.split('\n').map((line) => line.replaceAll(/\s+/g, ' ').trim());
  expect(lines).toContainEqual(
    expect.stringMatching(/^in: \/ ext4 [\d.]+ MiB of [\d.]+ GiB used$/),
  );
  expect(lines).toContainEqual(expect.stringMatching(/^\/home ext4 .* of .* used$/));
  expect(lines).toContainEqual(
    expect.stringMatching(/repository ext4 .* at a place that no system has/),
  );
  expect(lines).toContainEqual(
    expect.stringMatching(/^compressed, about: fast .*iB, balanced .*iB, small .*iB$/),
  );
  expect(lines).toContainEqual(expect.stringMatching(/\d+ more of the kernel and in memory/));
  expect(lines).toContainEqual(
    expect.stringMatching(/^left out: .*iB in \d+ paths: .* more \(livesys plan --excludes\)$/),
  );
});

it('the plan tells of each path that is left out how large it is, and which line says so', async () => {
  const argv = ['plan', '-c', 'host.config.ts'];
  const { stdout } = await system.livesys([...argv, '--excludes'], PROJECT);
  const data = await system.livesys([...argv, '--json'], PROJECT);
  const lines = stdout.split('\n').map((line) => line.replaceAll(/\s+/g, ' ').trim());
  const { here } = JSON.parse(data.stdout) as {
    here: { leftOut: { bytes: number; largest: readonly unknown[] } };
  };

  expect(lines).toContain('4.0 KiB /var/lib/big/large by /var/lib/big/*');
  expect(lines).toContain('4.0 KiB /usr/local/a.tmp by *.tmp');
  expect(lines).toContainEqual(
    expect.stringMatching(/ [MG]iB \/var\/cache\/livesys\/\* by \/var\/cache\/livesys\/\*$/),
  );
  expect(here.leftOut.largest).toContainEqual({
    ...{ path: '/var/lib/big/large', bytes: 4096, rule: '/var/lib/big/*' },
  });
  expect(here.leftOut.bytes).toBeGreaterThan(1_000_000);
});

it('without root it ends before any work, with the line to type', async () => {
  const end = await system.livesys(BUILD, PROJECT, 1000);
  expect(end).toMatchObject({ status: 4, stdout: '' });
  expect(end.stderr).toContain('LIVESYS_NEEDS_ROOT');
  expect(end.stderr).toContain('sudo livesys build -c host.config.ts');
});
