import { readFileSync, writeFileSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { expectClean, LiveMachine, type Session } from './support/live-machine.ts';
import { sha256, tool } from './support/live-media.ts';

// Every reason why changes cannot be kept, on real file systems, as root in a mount namespace of its own.
const machine = new LiveMachine(['persist all data - optional', 'persist turned data - required']);
beforeEach(() => {
  machine.format();
});

function expectTemporary(session: Session, code: string, reason: string | RegExp): void {
  expect(session).toMatchObject({
    status: 0,
    state: {
      persistence: 'off',
      persistence_asked: 'on',
      persistence_error: code,
      persistence_reason: expect.stringMatching(reason) as string,
      data_path: '',
    },
  });
  expect(session.notices).toContainEqual(
    expect.stringContaining(`${code} changes are kept in memory only: `),
  );
}

function wipeInode(image: string, path: string): void {
  const [, block = '', offset = '0'] =
    /at block (\d+), offset 0x([0-9a-f]+)/.exec(tool('debugfs', '-R', `imap ${path}`, image)) ?? [];
  wipe(image, Number(block) * 1024 + Number.parseInt(offset, 16));
}

function wipe(image: string, at: number): void {
  const bytes = readFileSync(image);
  bytes.fill(0xff, at, at + 128);
  writeFileSync(image, bytes);
}

describe('without a DATA', () => {
  it('the session is temporary and says so', () => {
    const session = machine.boot({ disks: [], session: 'echo x >file && cat file' });
    expect(session.lines).toEqual(['x']);
    expectTemporary(
      session,
      'E40',
      'this medium has no partition for changes (/dev/sda1)'.replace(/[()]/g, '.'),
    );
    expect(session.kmsg).toContain(' persist=off ');
  });

  it('a profile that requires persistence stops, unless that is switched off', () => {
    const { status, kmsg } = machine.boot({ disks: [], arguments: 'livesys.profile=turned' });
    expect(status).toBe(1);
    expect(kmsg).toMatch(/FAIL code=E40 [^]*profile turned requires persistence: this medium has/);
    const off = machine.boot({
      disks: [],
      arguments: 'livesys.profile=turned livesys.persistence=off',
    });
    expect(off).toMatchObject({ status: 0, state: { persistence: 'off', persistence_error: '' } });
  });

  it('livesys.persistence.on-error= decides', () => {
    const on = (what: string) =>
      machine.boot({ disks: [], arguments: `livesys.persistence.on-error=${what}` });
    expect(on('stop').kmsg).toMatch(/FAIL code=E40 [^]*next: Set up persistence/);
    expectTemporary(on('temporary'), 'E40', 'no partition');
    expectTemporary(on('readonly'), 'E40', 'no partition');
  });

  it('neither a partition with our label nor one of our type on another disk is touched', () => {
    const labelled = machine.format(`${machine.work}/labelled.img`);
    const foreign = machine.format(`${machine.work}/foreign.img`);
    const before = [labelled, foreign].map(sha256);
    const session = machine.boot({
      disks: [
        { name: 'sda2', image: labelled },
        { name: 'sdb1', image: foreign, data: true },
      ],
    });
    expectTemporary(session, 'E40', 'no partition for changes');
    expect([labelled, foreign].map(sha256)).toEqual(before);
  });
});

it('of two DATA on the medium the first is used, and that is said', () => {
  const second = machine.format(`${machine.work}/second.img`);
  const before = sha256(second);
  const { state, notices } = machine.boot({
    disks: [
      { name: 'sda2', image: machine.data, data: true },
      { name: 'sda3', image: second, data: true },
    ],
  });
  expect(state).toMatchObject({ persistence: 'on', data_device: '/dev/sda2' });
  expect(notices).toEqual(['the medium has 2 partitions for changes; sda2 is used']);
  expect(sha256(second)).toBe(before);
});

describe('a DATA that cannot be used', () => {
  it('is E43 with a damaged superblock, and stays as it is', () => {
    const bytes = readFileSync(machine.data);
    bytes.fill(0, 1024, 2048);
    writeFileSync(machine.data, bytes);
    const before = sha256(machine.data);
    expectTemporary(machine.boot(), 'E43', /e2fsck cannot repair sda2 by itself .exit code 8/);
    const { kmsg } = machine.boot({ arguments: 'livesys.persistence.on-error=stop' });
    expect(kmsg).toMatch(/FAIL code=E43 [^]*Bad magic number[^]*next: .*e2fsck -y/);
    expect(sha256(machine.data)).toBe(before);
  });

  it.each(['', 'livesys.profile=all livesys.persistence=on'])(
    'is E43 with damage behind a journal that waits for its replay; what it holds can be shown: %s',
    (chosen) => {
      // Spread over the inode tables.
      machine.change('mkdir $(seq 8)');
      machine.boot({ session: 'echo old >file; sync; echo new >other', crash: true });
      for (let number = 1; number <= 8; number++) wipeInode(machine.data, `/${number}`);
      // With a sound journal nobody would look behind it.
      wipe(machine.data, Number(tool('debugfs', '-R', 'bmap <8> 0', machine.data)) * 1024);
      expectTemporary(
        machine.boot({ arguments: chosen, session: 'ls file 2>/dev/null' }),
        'E43',
        /e2fsck cannot repair sda2 by itself/,
      );
      const shown = machine.boot({
        arguments: `${chosen} livesys.persistence.on-error=readonly`,
        session: 'cat file; echo x >file',
      });
      expect(shown.lines).toEqual(['old']);
      expect(shown.state).toMatchObject({ persistence: 'readonly', persistence_error: 'E43' });
    },
  );

  it('is repaired where that is safe, and used', () => {
    machine.boot({ session: 'echo kept >file' });
    tool('debugfs', '-w', '-R', 'set_super_value state 2', machine.data);
    tool('debugfs', '-w', '-R', 'set_super_value free_blocks_count 5', machine.data);
    const { state, lines } = machine.boot({ session: 'cat file' });
    expect(state).toMatchObject({ persistence: 'on' });
    expect(lines).toEqual(['kept']);
    expectClean(machine.data);
  });

  it('is E42 with another file system', () => {
    tool('mkfs.vfat', '-C', `${machine.data}.fat`, '65536');
    const disks = [{ name: 'sda2', image: `${machine.data}.fat`, data: true }];
    expectTemporary(machine.boot({ disks }), 'E42', 'sda2 has vfat instead of ext4');
    const { kmsg } = machine.boot({ disks, arguments: 'livesys.profile=turned' });
    expect(kmsg).toMatch(/FAIL code=E42 [^]*profile turned requires persistence: sda2 has vfat/);
  });

  it('is E42 where names differ in more than case, with what the kernel says', () => {
    machine.format(machine.data, '64M', '-O', 'casefold');
    const session = machine.boot();
    expectTemporary(session, 'E42', /sda2 .* (?:case-insensitive|does not mount)/);
    expectClean(machine.data);
  });

  it('is E42 when it is write-protected; what it holds can be shown', () => {
    machine.boot({ session: 'echo old >file' });
    const before = sha256(machine.data);
    const disks = [{ name: 'sda2', image: machine.data, data: true, readOnly: true }];
    expectTemporary(machine.boot({ disks }), 'E42', 'sda2 is write-protected');
    const shown = machine.boot({
      disks,
      arguments: 'livesys.persistence.on-error=readonly',
      session: 'cat file; echo new >file',
    });
    expect(shown.lines).toEqual(['old']);
    expect(shown.state).toMatchObject({ persistence: 'readonly', persistence_error: 'E42' });
    expect(shown.notices).toEqual([
      'E42 stored changes are shown, new ones are kept in memory only: sda2 is write-protected',
    ]);
    expect(sha256(machine.data)).toBe(before);
  });

  it.each([
    'livesys',
    'livesys/persistence',
    'livesys/persistence/all',
    'livesys/persistence/all/upper',
  ])('is E42 with a link as %s, which is not followed', (path) => {
    machine.change(
      `mkdir -p "$(dirname ${path})" elsewhere/persistence/all elsewhere/all elsewhere/upper && ln -s /elsewhere ${path}`,
    );
    expectTemporary(machine.boot(), 'E42', `/${path} on sda2 is a symbolic link`);
    expect(machine.change('find elsewhere -type f')).toBe('');
    expectClean(machine.data);
  });
});

describe('changes made on other layers', () => {
  beforeEach(() => {
    machine.boot({ session: 'echo kept >file' });
    machine.change(
      `sed -i '/^layer l1/s/ [0-9a-f]*$/ ${'0'.repeat(64)}/' livesys/persistence/all/fingerprint`,
    );
  });

  it('are E44, and untouched', () => {
    const session = machine.boot({ session: 'ls file 2>/dev/null' });
    expectTemporary(session, 'E44', 'were made on other layers: image 01234567-');
    expect(session.lines).toEqual([]);
    expectClean(machine.data);
    expect(machine.change('ls livesys/persistence/all')).toBe('fingerprint\nupper\nwork\n');
  });

  it('are used with livesys.persistence.rebase, and from then on', () => {
    const session = machine.boot({ arguments: 'livesys.persistence.rebase', session: 'cat file' });
    expect(session.lines).toEqual(['kept']);
    expect(session.notices).toEqual([expect.stringContaining('E44 the stored changes')]);
    expect(machine.boot().notices).toEqual([]);
  });

  it.each([
    ['no fingerprint', 'rm fingerprint'],
    ['a link as fingerprint', 'mv fingerprint x && ln -s x fingerprint'],
    ['a fingerprint of another format', 'sed -i 1s/1/2/ fingerprint'],
    [
      'a hostile fingerprint',
      `printf 'livesys-fingerprint 1\\nimage $(reboot)\\n%01000000d' 0 >fingerprint`,
    ],
  ])('are not used with %s', (_what, commands) => {
    machine.change(`cd livesys/persistence/all && ${commands}`);
    expect(machine.boot().state).toMatchObject({
      persistence: 'off',
      persistence_error: expect.stringMatching(/^E4[24]$/) as string,
    });
  });
});

describe('a full DATA', () => {
  const readonly = 'livesys.persistence.on-error=readonly';

  it.each([
    ['blocks', '', 'dd if=/dev/zero of=fill bs=1M 2>/dev/null', /sda2 is full: \d MiB are left/],
    [
      'inodes',
      '-N 300',
      'mkdir many && cd many && touch $(seq 400) 2>/dev/null',
      /room for \d+ files is left/,
    ],
  ])('is E45 by %s; what it holds can be shown', (_what, options, fill, reason) => {
    machine.format(machine.data, '64M', ...options.split(' ').filter((word) => word !== ''));
    machine.boot({ session: 'echo old >file' });
    machine.change(`{ ${fill}; } || true`);
    const temporary = machine.boot({ session: 'ls file 2>/dev/null; echo new >file' });
    expectTemporary(temporary, 'E45', reason);
    expect(temporary.lines).toEqual([]);
    const shown = machine.boot({
      arguments: readonly,
      session: 'cat file; echo new >file; cat file',
    });
    expect(shown.lines).toEqual(['old', 'new']);
    expect(shown.state).toMatchObject({ persistence: 'readonly', persistence_error: 'E45' });
    expectClean(machine.data);
    expect(
      machine.change('ls livesys/persistence/all; cat livesys/persistence/all/upper/file'),
    ).toBe('fingerprint\nupper\nwork\nold\n');
  });

  it('is E45 before the first session too', () => {
    machine.change('dd if=/dev/zero of=fill bs=1M 2>/dev/null || true');
    expectTemporary(machine.boot({ arguments: readonly }), 'E45', 'sda2 is full');
    expectClean(machine.data);
  });
});

it('a boot that fails later leaves DATA clean and unmarked', () => {
  const { status, kmsg } = machine.boot({ arguments: 'init=/none' });
  expect(status).toBe(1);
  expect(kmsg).toContain('FAIL code=E60');
  expectClean(machine.data);
  expect(machine.boot()).toMatchObject({ status: 0, state: { unclean: 'no' }, notices: [] });
});
