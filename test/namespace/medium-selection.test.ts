import { chmodSync, copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { DATA_AT, makeDisk } from '../support/media.ts';
import { makeAccount, type Account } from './support/account.ts';
import { endCommands, livesys, PATH, startCommand } from './support/livesys.ts';
import { attach, detach, detachAll } from './support/loop.ts';
import { run } from './support/run.ts';
import { makeWorkspace, type Workspace } from './support/workspace.ts';

let workspace: Workspace;
let account: Account;
let pristine: string;
let disk: string;
beforeAll(() => {
  workspace = makeWorkspace();
  account = makeAccount(workspace.folder);
  pristine = makeDisk(workspace.make('media'), 'pristine');
  disk = join(workspace.folder, 'disk.img');
});
afterEach(detachAll);
afterAll(() => workspace?.remove());

const medium = (path: string, words: readonly string[], more = {}) =>
  livesys(['medium', path, ...words], { cwd: workspace.folder, ...more });
const next = async (path: string) =>
  (JSON.parse((await medium(path, ['status', '--json'])).stdout) as { next: unknown }).next;
const onData = (command: string) => run('debugfs', '-R', command, `${disk}?offset=${DATA_AT}`);

it('an image is switched by the person who owns it, without root', async () => {
  copyFileSync(pristine, disk);
  chmodSync(disk, 0o600);
  run('chown', `${account.uid}:${account.gid}`, disk);
  const end = await medium(disk, ['profile', 'use', 'rescue'], { prefix: account.become });

  expect(end).toMatchObject({ status: 0, stderr: '' });
  expect(await next(disk)).toEqual({ profile: 'rescue', persistence: 'off', reset: false });
  expect(onData('ls -p /livesys')).toMatch(/\/100644\/0\/0\/selection\//);
});

it('a device is switched by root, and says to another how', async () => {
  copyFileSync(pristine, disk);
  const device = attach(disk);
  expect(await medium(device, ['persistence', 'off'])).toMatchObject({ status: 0, stderr: '' });
  expect(await next(device)).toEqual({ profile: 'office', persistence: 'off', reset: false });

  const refused = await medium(device, ['persistence', 'on'], { prefix: account.become });
  expect(refused).toMatchObject({ status: 2, stderr: expect.stringMatching(/with sudo/) });
  run('e2fsck', '-f', '-n', `${device}?offset=${DATA_AT}`);
});

it('what is mounted is not changed, by the name of the device or of the image', async () => {
  copyFileSync(pristine, disk);
  const device = attach(disk);
  const data = attach(disk, '--offset', String(DATA_AT));
  const point = workspace.make('mount');
  run('mount', data, point);
  try {
    const end = await medium(disk, ['persistence', 'off']);
    expect(end).toMatchObject({ status: 2, stdout: '' });
    expect(end.stderr).toMatch(/attached to|mounted on[^]*Nothing was changed[^]*DEVICE_IN_USE/);
    const mounted = await medium(data, ['status']);
    expect(mounted.stderr).toMatch(/not an intact livesys medium/);
  } finally {
    run('umount', point);
  }
  detach(data);
  detach(device);
  expect(await medium(disk, ['persistence', 'off'])).toMatchObject({ status: 0 });
});

it('a device that something else claims, wherever, is not changed', async () => {
  copyFileSync(pristine, disk);
  const device = attach(disk);
  const program = `const { openSync, constants: c } = require('fs');
    openSync(process.argv[1], c.O_RDWR | c.O_EXCL); console.log('claimed'); setInterval(() => {}, 1000)`;
  const holder = startCommand([process.execPath, '-e', program, device], {
    ...{ cwd: workspace.folder, lasting: true },
  });
  await holder.said(/claimed/);
  const end = await medium(device, ['persistence', 'off']);
  endCommands();
  await holder.ended;

  expect(end).toMatchObject({ status: 2, stderr: expect.stringMatching(/is in use/) });
});

it('changes that a session left in the journal are there before a switch', async () => {
  copyFileSync(pristine, disk);
  const data = attach(disk, '--offset', String(DATA_AT));
  const point = workspace.make('mount');
  run('mount', data, point);
  writeFileSync(join(point, 'file'), 'content');
  run('sync', '--file-system', point);
  // As after a cut of power: what lies on the disk while it is mounted.
  const cut = join(workspace.folder, 'cut.img');
  copyFileSync(disk, cut);
  run('umount', point);
  detach(data);

  expect((await medium(cut, ['status'])).stdout).toContain('not left cleanly');
  expect(await medium(cut, ['profile', 'use', 'rescue'])).toMatchObject({ status: 0 });
  const offset = `${cut}?offset=${DATA_AT}`;
  expect(run('debugfs', '-R', 'cat /file', offset)).toBe('content');
  run('e2fsck', '-f', '-n', offset);
});

/** In place of `debugfs`, one that is killed before a write of one of its sessions that change something. */
const killedAt = (session: number, write: number) => `#!/bin/sh
case $1 in -w) ;; *) exec /usr/sbin/debugfs "$@" ;; esac
count=\${0%/*}/count
echo >>"$count"
[ "$(wc -l <"$count")" -eq ${session} ] || exec /usr/sbin/debugfs "$@"
exec strace -o /dev/null -e trace=pwrite64 -e inject=pwrite64:signal=KILL:when=${write} /usr/sbin/debugfs "$@"
`;

it('killed at any write, it leaves the old selection or the new one, and what the boot can mend', async () => {
  copyFileSync(pristine, disk);
  expect(await medium(disk, ['profile', 'use', 'office'])).toMatchObject({ status: 0 });
  const before = join(workspace.folder, 'before.img');
  copyFileSync(disk, before);
  const bin = workspace.make('bin');
  const outcomes = new Set<string>();
  /** Whether the session made so many writes. */
  const killAt = async (session: number, write: number): Promise<boolean> => {
    copyFileSync(before, disk);
    writeFileSync(join(bin, 'debugfs'), killedAt(session, write), { mode: 0o755 });
    writeFileSync(join(bin, 'count'), '');
    const env = { PATH: `${bin}:${PATH}` };
    if ((await medium(disk, ['profile', 'use', 'rescue'], { env })).status === 0) return false;
    // What the boot does.
    run('sh', '-c', 'e2fsck -p "$1" || [ $? -eq 1 ]', 'sh', `${disk}?offset=${DATA_AT}`);
    run('e2fsck', '-f', '-n', `${disk}?offset=${DATA_AT}`);
    const profile = /^profile (\w+)$/m.exec(onData('cat /livesys/selection'))?.[1] ?? 'none';
    expect(onData('cat /livesys/grubenv')).toContain(`\nlivesys_profile=${profile}\n`);
    outcomes.add(profile);
    return true;
  };
  let session = 1;
  for (; await killAt(session, 1); session += 1) {
    let write = 2;
    while (await killAt(session, write)) write += 1;
  }
  expect(session).toBeGreaterThan(5);
  expect([...outcomes].sort()).toEqual(['office', 'rescue']);
});

it('what a kill has left is gone after the next switch', async () => {
  copyFileSync(pristine, disk);
  const bin = workspace.make('bin');
  writeFileSync(join(bin, 'debugfs'), killedAt(4, 1), { mode: 0o755 });
  writeFileSync(join(bin, 'count'), '');
  const end = await medium(disk, ['profile', 'use', 'rescue'], { env: { PATH: `${bin}:${PATH}` } });
  expect(end).toMatchObject({
    status: 5,
    stderr: expect.stringMatching(/as it was or as it should/),
  });
  expect(onData('ls -p /livesys')).toContain('.new');

  expect(await medium(disk, ['profile', 'use', 'rescue'])).toMatchObject({ status: 0 });
  expect(onData('ls -p /livesys')).not.toMatch(/\.new|\.old/);
  expect(await next(disk)).toEqual({ profile: 'rescue', persistence: 'off', reset: false });
});
