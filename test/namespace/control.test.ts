import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { run } from './support/run.ts';

// livesysctl in a session that does not use DATA: opened for a moment, checked, written, closed.
const SHELL = fileURLToPath(new URL('../../packages/runtime/shell', import.meta.url));
const SCRIPT = `
set -eu
loop=$(losetup --find --show "$1")
sed -i "s|LOOP|$loop|" "$2/run/livesys/state"
shift 2
status=0
dash "$LIVESYS_CONTROL/../livesysctl" "$@" || status=$?
grep -c "^[^ ]* [^ ]* [^ ]* [^ ]* $LIVESYS_PREFIX/" /proc/self/mountinfo || :
losetup --detach "$loop"
exit "$status"
`;

let tree: string;
let disk: string;
beforeEach(() => {
  tree = mkdtempSync(join(tmpdir(), 'livesys-control-'));
  disk = join(tree, 'disk.img');
  for (const name of ['run/livesys', 'run/initramfs/livesys/data', 'content'])
    mkdirSync(join(tree, name), { recursive: true });
  mkdirSync(join(tree, 'run/initramfs/livesys/data-carrier'));
  const facts = 'profile=office\npersistence=off\nlayers=base\nmedium_device=/dev/sdz1\n';
  writeFileSync(join(tree, 'run/livesys/state'), `${facts}data_device=LOOP\ndata_path=\n`);
  writeFileSync(
    join(tree, 'run/livesys/manifest'),
    'profile office default base\npersist office data - optional\n',
  );
});
afterEach(() => rmSync(tree, { recursive: true, force: true }));

function makeDisk(): void {
  writeFileSync(disk, '');
  truncateSync(disk, 16 * 2 ** 20);
  run('mke2fs', '-q', '-t', 'ext4', '-d', join(tree, 'content'), disk);
}

function call(...argv: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(
    'unshare',
    ['--mount', 'bash', '-c', SCRIPT, 'bash', disk, tree, ...argv],
    {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env['PATH'],
        LIVESYS_LIB: join(SHELL, 'lib'),
        LIVESYS_CONTROL: join(SHELL, 'control'),
        LIVESYS_PREFIX: tree,
        LIVESYS_PROC: '/proc',
        LIVESYS_SYS: '/sys',
        LIVESYS_DEV: '/dev',
        LIVESYS_KMSG: join(tree, 'kmsg'),
      },
    },
  );
  const lines = stdout.trimEnd().split('\n');
  // The last one is the number of mounts that were left.
  return { status, mounts: lines.at(-1), lines: lines.slice(0, -1), stderr };
}

const onDisk = (request: string) =>
  spawnSync('debugfs', ['-R', request, disk], { encoding: 'utf8' }).stdout;
const hashOf = () => createHash('sha256').update(run('sha256sum', disk)).digest('hex');

it('writes the choice to a file system that nothing uses, and leaves it clean', () => {
  makeDisk();
  const { status, mounts, lines, stderr } = call('persistence', 'on');
  expect([status, mounts, stderr]).toEqual([0, '0', '']);
  expect(lines[0]).toMatch(/^From the next boot, changes are kept on \/dev\/loop\d+\.$/);
  expect(onDisk('cat /livesys/selection')).toMatch(/^livesys-selection 1\npersistence on\nend /);
  run('e2fsck', '-fn', disk);
  expect(run('dumpe2fs', '-h', disk)).not.toContain('needs_recovery');
});

it('only looks at it for the status', () => {
  mkdirSync(join(tree, 'content/livesys'));
  writeFileSync(join(tree, 'content/livesys/selection'), 'livesys-selection 1\n');
  makeDisk();
  const before = hashOf();
  const { status, mounts, lines, stderr } = call('status');
  expect([status, mounts]).toEqual([0, '0']);
  expect(stderr).toMatch(/the selection on \/dev\/loop\d+ is ignored/);
  expect(lines).toContain('next     profile office, persistence on');
  expect(hashOf()).toBe(before);
});

it('writes into an image file on it', () => {
  const image = join(tree, 'content/data.img');
  writeFileSync(image, '');
  truncateSync(image, 4 * 2 ** 20);
  run('mke2fs', '-q', '-t', 'ext4', image);
  makeDisk();
  run('sed', '-i', '$adata_inside=/data.img', join(tree, 'run/livesys/state'));
  const { status, mounts } = call('profile', 'use', 'office');
  expect([status, mounts]).toEqual([0, '0']);
  run('e2fsck', '-fn', disk);
  const inner = join(tree, 'inner.img');
  onDisk(`dump /data.img ${inner}`);
  run('e2fsck', '-fn', inner);
  expect(run('debugfs', '-R', 'cat /livesys/selection', inner)).toContain('profile office\n');
});

it('says why it cannot', () => {
  makeDisk();
  run('dd', 'if=/dev/zero', `of=${disk}`, 'bs=1024', 'count=64', 'conv=notrunc');
  const { status, mounts, stderr } = call('persistence', 'on');
  expect([status, mounts]).toEqual([5, '0']);
  expect(stderr).toMatch(/^livesysctl: no file system is found on \/dev\/loop\d+\n/);
});
