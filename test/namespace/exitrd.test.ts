import { spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { run } from './support/run.ts';

// The exitrd itself, put into memory by publish, as first process of a PID namespace and with real mounts: an
// overlay over squashfs, its upper on ext4 behind the first MiB of a disk, or in an image file on it.
const SHELL = fileURLToPath(new URL('../../packages/runtime/shell', import.meta.url));
const SWITCH_OFF = fileURLToPath(new URL('support/exitrd/switch-off', import.meta.url));
const LIVE = '/livesys/persistence/live';

/** Who still has a file of the old root open; the last two cannot be ended from the exitrd. */
type Holder = 'no' | 'killable' | 'reading' | 'writing';

interface Case {
  readonly verb?: string;
  readonly data?: 'partition' | 'image' | 'none';
  readonly holder?: Holder;
  /** Whether systemd made the file system of the changes read-only before; it does where it can. */
  readonly remounted?: boolean;
}

interface Outcome {
  /** How the kernel ended the first process: as the machine would have ended. */
  readonly signal: NodeJS.Signals | null;
  readonly said: readonly string[];
  readonly loopsLeft: readonly string[];
}

let work: string;
let kmsg: string;
beforeEach(() => {
  work = mkdtempSync(join(tmpdir(), 'livesys-exitrd-'));
  kmsg = mkdtempSync('/dev/shm/livesys-exitrd-');
  const tree = join(work, 'tree');
  for (const name of ['dev', 'proc', 'run', 'sys'])
    mkdirSync(join(tree, name), { recursive: true });
  run('mksquashfs', tree, join(work, 'layer.squashfs'), '-quiet', '-no-progress');
});
afterEach(() => {
  rmSync(work, { recursive: true, force: true });
  rmSync(kmsg, { recursive: true, force: true });
});

function makeExt4(file: string, mebibytes: number, ...options: string[]): void {
  writeFileSync(file, '');
  truncateSync(file, mebibytes * 2 ** 20);
  run('mke2fs', '-q', '-t', 'ext4', ...options, file);
}

function makeDisk(data: Case['data']): void {
  const content = join(work, 'content');
  mkdirSync(content);
  if (data === 'image') makeExt4(join(content, 'data.img'), 32);
  makeExt4(join(work, 'disk.img'), 64, '-d', content, '-E', 'offset=1048576');
}

function switchOff({
  verb = 'poweroff',
  data = 'partition',
  holder = 'no',
  remounted,
}: Case): Outcome {
  makeDisk(data);
  const messages = join(kmsg, 'kmsg');
  writeFileSync(messages, '');
  const argv = ['--mount', 'bash', SWITCH_OFF, work, verb, data, holder];
  const { signal, stderr } = spawnSync('unshare', argv, {
    encoding: 'utf8',
    timeout: 60_000,
    // bash takes a socket on stdin for a remote shell and reads ~/.bashrc.
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      SCRIPTS: SHELL,
      KMSG: messages,
      REMOUNTED: remounted === true ? 'yes' : 'no',
      LIVESYS_LIB: join(SHELL, 'lib'),
      LIVESYS_EXITRD: join(SHELL, 'exitrd'),
      LIVESYS_PREFIX: work,
      LIVESYS_PROC: '/proc',
      LIVESYS_SYS: '/sys',
      LIVESYS_KMSG: messages,
    },
  });
  endHolder();
  const loopsLeft = releaseLoops();
  expect(stderr).toBe('');
  return { signal, said: readFileSync(messages, 'utf8').trimEnd().split('\n'), loopsLeft };
}

function endHolder(): void {
  const holder = readFileSync(join(work, 'holder'), 'utf8').trim();
  if (holder === '') return;
  run('kill', holder);
  while (spawnSync('kill', ['-0', holder]).status === 0);
}

/** Loop devices that the exitrd left attached. They are taken back. */
function releaseLoops(): string[] {
  const loops = readFileSync(join(work, 'loops'), 'utf8').trimEnd().split('\n');
  const left = loops.filter((loop) => isAttached(loop));
  for (const loop of left) run('losetup', '--detach', loop);
  return left;
}

function isAttached(loop: string): boolean {
  return run('losetup', '--list', '--noheadings', '--output', 'NAME').split('\n').includes(loop);
}

const onDisk = () => `${join(work, 'disk.img')}?offset=1048576`;
const debugfs = (disk: string, request: string) =>
  spawnSync('debugfs', ['-R', request, disk], { encoding: 'utf8' }).stdout.trim();

function expectClean(file: string): void {
  run('e2fsck', '-fn', file);
  expect(run('dumpe2fs', '-h', file)).not.toContain('needs_recovery');
  // Both would be mended by the check of the next boot, which therefore says nothing about them.
  expect(run('dumpe2fs', '-h', file)).toMatch(/^Filesystem state: +clean$/m);
}

const SIGNALS = { poweroff: 'SIGINT', halt: 'SIGINT', reboot: 'SIGHUP', kexec: 'SIGHUP' } as const;

describe('switching off', () => {
  it.each(['poweroff', 'halt', 'reboot'] as const)('ends the machine by %s', (verb) => {
    const { signal, said, loopsLeft } = switchOff({ verb, data: 'none' });
    expect(signal).toBe(SIGNALS[verb]);
    expect(said).toEqual([`<3>LIVESYS: exitrd verb=${verb} clean=yes`]);
    expect(loopsLeft).toEqual([]);
  });

  it('starts again where another kernel was asked for and none is loaded', () => {
    const { signal, said } = switchOff({ verb: 'kexec', data: 'none' });
    expect(signal).toBe(SIGNALS.kexec);
    expect(said.at(-1)).toContain('kexec is not possible');
  });

  it.each([true, false])(
    'closes the partition that keeps the changes (read-only before: %s)',
    (remounted) => {
      const { said, loopsLeft } = switchOff({ data: 'partition', remounted });
      expect(said).toEqual(['<3>LIVESYS: exitrd verb=poweroff clean=yes']);
      expect(loopsLeft).toEqual([]);
      expectClean(onDisk());
      expect(debugfs(onDisk(), `cat ${LIVE}/upper/changed`)).toBe('kept');
      expect(debugfs(onDisk(), `cat ${LIVE}/dirty`)).toBe('');
    },
  );

  it('closes an image file and the file system that carries it', () => {
    const { said, loopsLeft } = switchOff({ data: 'image', remounted: true });
    expect(said).toEqual(['<3>LIVESYS: exitrd verb=poweroff clean=yes']);
    expect(loopsLeft).toEqual([]);
    expectClean(onDisk());
    const inner = join(work, 'inner.img');
    debugfs(onDisk(), `dump /data.img ${inner}`);
    expect(statSync(inner).size).toBe(32 * 2 ** 20);
    expectClean(inner);
    expect(debugfs(inner, `cat ${LIVE}/upper/changed`)).toBe('kept');
    expect(debugfs(inner, `cat ${LIVE}/dirty`)).toBe('');
  });

  it('ends a process that systemd left', () => {
    const { said } = switchOff({ holder: 'killable' });
    expect(said).toEqual(['<3>LIVESYS: exitrd verb=poweroff clean=yes']);
    expectClean(onDisk());
  });

  it('closes the file system under an old root that something reads from', () => {
    const { said } = switchOff({ holder: 'reading' });
    expect(said).toEqual([
      '<3>LIVESYS: exitrd: /oldroot could not be unmounted',
      '<3>LIVESYS: exitrd verb=poweroff clean=yes',
    ]);
    expectClean(onDisk());
    expect(debugfs(onDisk(), `cat ${LIVE}/dirty`)).toBe('');
  });

  it('says that it is not clean, and leaves the mark, when something still writes', () => {
    const { signal, said } = switchOff({ holder: 'writing' });
    expect(signal).toBe('SIGINT');
    expect(said.slice(1)).toEqual([
      '<3>LIVESYS: exitrd: still open for writing: /oldrun/initramfs/livesys/data',
      '<3>LIVESYS: exitrd verb=poweroff clean=no',
    ]);
    expect(debugfs(onDisk(), `cat ${LIVE}/dirty`)).toBe(
      readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim(),
    );
  });
});
