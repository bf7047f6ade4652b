import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

import { runCommandLine } from '../../../../test/support/command-line.ts';
import {
  DATA_AT,
  IMAGE,
  makeDisk,
  makeHybridIso,
  MIB,
  sealed,
} from '../../../../test/support/media.ts';

// Many short programs, on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 });

let folder = '';
let pristine = '';
/** Its name holds what `debugfs` would take as the start of options. */
let disk = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'livesys-switch-'));
  pristine = makeDisk(folder, 'pristine');
  disk = join(folder, 'a disk?offset=0.img');
});
beforeEach(() => copyFileSync(pristine, disk));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const medium = (...words: string[]) => runCommandLine(['medium', disk, ...words]);
const status = async () => JSON.parse((await medium('status', '--json')).stdout) as unknown;

/** Commands of debugfs on DATA, as a system that booted from it would have left it. */
function onData(...lines: string[]): string {
  const link = join(folder, 'link');
  rmSync(link, { force: true });
  symlinkSync(disk, link);
  return execFileSync('debugfs', ['-w', '-f', '-', `${link}?offset=${DATA_AT}`], {
    input: `${lines.join('\n')}\n`,
    stdio: ['pipe', 'pipe', 'ignore'],
    encoding: 'latin1',
  });
}

function store(path: string, content: string | Buffer): void {
  const source = join(folder, 'source');
  writeFileSync(source, content);
  onData('mkdir /livesys', `rm ${path}`, `write ${source} ${path}`);
}

function check(): void {
  const link = join(folder, 'link');
  execFileSync('e2fsck', ['-f', '-n', `${link}?offset=${DATA_AT}`], { stdio: 'ignore' });
}

const office = `/livesys/persistence/office`;
const changesOfOffice = () =>
  onData(
    ...['/livesys', '/livesys/persistence', office, `${office}/upper`].map((p) => `mkdir ${p}`),
  );

describe('the status of a medium', () => {
  it('says what is on it, what it keeps and what comes next', async () => {
    const { code, stdout } = await medium('status');

    expect(code).toBe(0);
    expect(stdout).toMatch(/^medium {2}\/.*img, 29 MiB, image 7f3c-09d1\n/);
    expect(stdout).toMatch(/\nkeeps {3}changes, in 16 MiB, 14 MiB free\n/);
    expect(stdout).toMatch(/\nnext {4}profile office, persistence on\n/);
    expect(stdout).toMatch(
      /\n\nprofile {2}persistence +stored +layers\nrescue +off +nothing +base\n/,
    );
    expect(stdout).toMatch(/\noffice +on +next, default +nothing +base desktop-x+\n$/);
    expect(await status()).toMatchObject({
      path: disk,
      image: IMAGE,
      data: { partition: 4, offset: DATA_AT, bytes: 16 * MIB, clean: true },
      selection: { profile: null, persistence: null, problem: null },
      next: { profile: 'office', persistence: 'on' },
    });
  });

  it('tells of an ISO that it keeps nothing', async () => {
    const iso = makeHybridIso(folder, 'plain');
    const { stdout } = await runCommandLine(['medium', iso, 'status']);

    expect(stdout).toMatch(/\nkeeps +nothing: it has no partition for changes\n/);
    expect(stdout).toMatch(/\nnext .*persistence on, for which there is no place\n/);
  });

  it('tells of the changes of each profile', async () => {
    changesOfOffice();
    store(`${office}/fingerprint`, 'livesys-fingerprint 1\nimage other\n');
    store(`${office}/dirty`, 'boot id');
    const { stdout } = await medium('status');

    expect(stdout).toContain('changes, made on other layers, last session not ended cleanly');
  });

  it('changes nothing', async () => {
    const before = execFileSync('sha256sum', ['--', disk]).toString();
    await medium('status');
    await medium('profile', 'list');

    expect(execFileSync('sha256sum', ['--', disk]).toString()).toBe(before);
  });
});

describe('switching', () => {
  it('is seen by the boot, by GRUB and by the next status', async () => {
    const said = await medium('profile', 'use', 'rescue');

    expect(said).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(
        /^From the next boot, profile rescue, and its changes are kept in memory only\.\nThe first entry/,
      ),
    });
    expect(await status()).toMatchObject({ next: { profile: 'rescue', persistence: 'off' } });
    expect(onData('cat /livesys/selection')).toContain(
      sealed(['livesys-selection 1', 'profile rescue']),
    );
    expect(onData('cat /livesys/grubenv')).toMatch(
      /# GRUB Environment Block\nlivesys_profile=rescue\n#+/,
    );
    check();
  });

  it('of persistence keeps the profile, and the other way round', async () => {
    await medium('persistence', 'off');
    await medium('profile', 'use', 'office');
    expect(await status()).toMatchObject({ next: { profile: 'office', persistence: 'off' } });

    const { stdout } = await medium('persistence', 'on');
    expect(stdout).toContain(`From the next boot, changes are kept on ${disk}.\n`);
    expect(await status()).toMatchObject({ next: { profile: 'office', persistence: 'on' } });
    expect(onData('ls -p /livesys').match(/selection|grubenv/g)).toHaveLength(2);
    check();
  });

  it('off says that what is stored stays', async () => {
    changesOfOffice();
    const { stdout } = await medium('persistence', 'off');

    expect(stdout).toContain(
      'From the next boot, changes are kept in memory only. What is stored stays.\n',
    );
  });

  it('reset asks the next boot, once, and only where something is stored', async () => {
    expect((await medium('persistence', 'reset')).stdout).toBe(
      'Nothing is stored for profile office.\n',
    );
    changesOfOffice();
    for (const _ of [1, 2]) {
      expect((await medium('persistence', 'reset')).stdout).toMatch(/deletes them/);
    }
    expect(onData(`ls -p ${office}`)).toMatch(/\/100644\/0\/0\/reset\/0\//);
    expect((await medium('status')).stdout).toContain('deleted at its next boot');
    expect(await status()).toMatchObject({ next: { reset: true } });
    for (const said of [
      'The stored changes of profile office stay.',
      'No reset of profile office',
    ]) {
      expect((await medium('persistence', 'reset', '--cancel')).stdout).toContain(said);
    }
    expect(await status()).toMatchObject({ next: { reset: false } });
    check();
  });

  it('mends first what a cut of power has left', async () => {
    onData('ssv state 0');
    expect((await medium('status')).stdout).toContain('not left cleanly');
    expect(await medium('profile', 'use', 'rescue')).toMatchObject({ code: 0 });

    expect(await status()).toMatchObject({ data: { clean: true } });
    check();
  });

  it.each([
    [['profile', 'use', 'offce'], /no profile "offce"; did you mean "office"\?/, 2],
    [['profile', 'use'], /profile list\|use NAME/, 2],
    [['profile', 'drop', 'office'], /profile list\|use NAME/, 2],
    [['persistence', 'maybe'], /persistence on\|off\|reset/, 2],
    [['persistence', 'on', '--cancel'], /persistence on\|off\|reset/, 2],
    [['persistence'], /persistence on\|off\|reset/, 2],
    [['status', 'now'], /medium MEDIUM status/, 2],
    [['erase'], /verify/, 2],
  ])('%j is refused and changes nothing', async (words, message, code) => {
    const before = execFileSync('sha256sum', ['--', disk]).toString();
    const end = await medium(...words);

    expect(end).toMatchObject({ code, stdout: '', stderr: expect.stringMatching(message) });
    expect(execFileSync('sha256sum', ['--', disk]).toString()).toBe(before);
  });

  it('an ISO without a place for it is refused with a next step', async () => {
    const iso = makeHybridIso(folder, 'fresh');

    expect(await runCommandLine(['medium', iso, 'persistence', 'on'])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/no place to keep[^]*livesys write[^]*LIVESYS_DATA_MISSING/),
    });
  });
});

describe('a hostile medium', () => {
  it.each([
    ['of a megabyte', 'x'.repeat(MIB), /too large/],
    ['of bytes', Buffer.alloc(100, 0), /does not start/],
    ['that is unsigned', 'livesys-selection 1\nprofile rescue\n', /its lines or its hash/],
    ['of another image', sealed(['livesys-selection 1', 'profile gone']), /no profile gone/],
  ])('with a selection %s is shown with a reason, and can be switched', async (_, content, why) => {
    store('/livesys/selection', content);
    const before = await medium('status');

    expect(before).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/ignored +the selection: /),
    });
    expect(before.stdout).toMatch(why);
    expect(await status()).toMatchObject({ next: { profile: 'office' } });
    expect(await medium('profile', 'use', 'rescue')).toMatchObject({ code: 0 });
    expect(await status()).toMatchObject({ next: { profile: 'rescue' } });
    check();
  });

  it('whose selection is a link or a folder is shown with a reason, and can be switched', async () => {
    for (const line of ['symlink /livesys/selection /etc/passwd', 'mkdir /livesys/selection']) {
      copyFileSync(pristine, disk);
      onData('mkdir /livesys', line);

      expect((await medium('status')).stdout).toContain('ignored  the selection: it is not a file');
      expect(await medium('profile', 'use', 'rescue')).toMatchObject({ code: 0 });
      expect(await status()).toMatchObject({ next: { profile: 'rescue' } });
      check();
    }
  });

  it('that is encrypted is shown, and cannot be switched from outside', async () => {
    const luks = join(folder, 'luks');
    writeFileSync(luks, 'LUKS\u00BA\u00BE\0\u0002', 'latin1');
    execFileSync('dd', [
      `if=${luks}`,
      `of=${disk}`,
      'bs=1',
      `seek=${DATA_AT}`,
      'conv=notrunc',
      'status=none',
    ]);

    const { code, stdout } = await medium('status');
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /\nkeeps {3}changes, encrypted, in 16 MiB\nnext {4}as chosen last, which/,
    );
    expect(await status()).toMatchObject({
      data: { partition: 4, encrypted: true, free: null, clean: null },
      next: null,
    });
    const before = execFileSync('sha256sum', ['--', disk]).toString();
    for (const words of [
      ['profile', 'use', 'rescue'],
      ['persistence', 'off'],
      ['persistence', 'reset'],
    ]) {
      expect(await medium(...words)).toMatchObject({
        code: 2,
        stderr: expect.stringMatching(
          /is encrypted, and so is what was chosen\. Nothing was changed\.[^]*type the passphrase and switch there[^]*LIVESYS_DATA_ENCRYPTED/,
        ),
      });
    }
    expect(execFileSync('sha256sum', ['--', disk]).toString()).toBe(before);
  });

  it('without the file system it claims to have says so', async () => {
    execFileSync(
      'dd',
      ['if=/dev/zero', `of=${disk}`, 'bs=1M', 'count=1', 'seek=12', 'conv=notrunc'],
      {
        stdio: 'ignore',
      },
    );

    for (const words of [['status'], ['persistence', 'on']]) {
      expect(await medium(...words)).toMatchObject({
        code: 5,
        stderr: expect.stringMatching(/it is not ext4[^]*LIVESYS_DATA_DAMAGED/),
      });
    }
  });
});
