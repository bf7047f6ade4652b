import { writeFileSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { sealed } from '../support/manifest-text.ts';
import { expectClean, LiveMachine } from './support/live-machine.ts';
import { sha256 } from './support/live-media.ts';

// Real layers, loop devices, ext4 and overlays, as root in a mount namespace of its own.
const machine = new LiveMachine(['persist all data - optional']);
beforeEach(() => {
  machine.format();
});

/** Puts a selection on DATA, as another computer or the live system does. */
function select(lines: string): void {
  const file = `${machine.work}/selection`;
  writeFileSync(file, sealed(`livesys-selection 1\n${lines}`));
  machine.change(`rm -rf livesys/selection && mkdir -p livesys && cp ${file} livesys/selection`);
}

describe('changes', () => {
  it('are kept: files, deletions, renamed directories, owners, attributes and capabilities', () => {
    const first = machine.boot({
      session: `mkdir -p home/user && echo hello >home/user/file && chown 1000:1000 home/user/file && chmod 640 home/user/file
        setfattr -n user.note -v kept home/user/file && cp /bin/true tool && setcap cap_net_raw+ep tool
        rm top && mv .livesys marks`,
    });
    expect(first.state).toMatchObject({
      persistence: 'on',
      persistence_asked: 'on',
      persistence_error: '',
      data_device: '/dev/sda2',
      data_fs: 'ext4',
      data_path: `${first.root}/run/initramfs/livesys/data`,
      profile_source: 'default',
      unclean: 'no',
    });
    expect(first.kmsg).toContain('READY profile=all layers=2 persist=on ');
    expect(first.notices).toEqual([]);
    expectClean(machine.data);

    const second = machine.boot({
      session: `cat home/user/file; stat -c '%u %a' home/user/file; getfattr --only-values -n user.note home/user/file; echo
        getcap tool; [ ! -e top ] && echo deleted; ls marks/layer; [ ! -e .livesys ] && echo renamed; stat -c %a .`,
    });
    expect(second.lines).toEqual([
      ...['hello', '1000 640', 'kept', 'tool cap_net_raw=ep', 'deleted'],
      ...['l0', 'l1', 'renamed', '755'],
    ]);
    expect(second.state).toMatchObject({ persistence: 'on', unclean: 'no' });
    expectClean(machine.data);
  });

  it('are kept in the same way under every shell', () => {
    const shells = [
      ['/usr/bin/dash'],
      ['/usr/bin/busybox', 'sh'],
      ['/usr/bin/bash', '--posix'],
      ['/usr/bin/mksh'],
    ];
    const states = shells.map((shell, number) => {
      const session = machine.boot({ shell, session: `echo x >file-${number}; ls -d file-*` });
      expect(session.lines).toHaveLength(number + 1);
      return { ...session.state, uptime_ready: '', data_path: '' };
    });
    expect(new Set(states.map((state) => JSON.stringify(state))).size).toBe(1);
    expectClean(machine.data);
  });

  it('of one profile are not seen by another', () => {
    machine.boot({ session: 'echo all >file' });
    const other = machine.boot({
      arguments: 'livesys.profile=turned livesys.persistence=on',
      session: 'ls file 2>/dev/null; echo turned >file',
    });
    expect(other.lines).toEqual([]);
    expect(other.state).toMatchObject({ profile: 'turned', persistence: 'on' });
    expect(machine.boot({ session: 'cat file' }).lines).toEqual(['all']);
    expectClean(machine.data);
  });

  it('leave only what the layer of changes needs on DATA', () => {
    machine.boot({ session: 'mkdir new' });
    expect(machine.change('find livesys -printf "%y %m %p\\n" | sort -k 3').split('\n')).toEqual([
      'd 755 livesys',
      'd 700 livesys/persistence',
      'd 700 livesys/persistence/all',
      'f 644 livesys/persistence/all/fingerprint',
      'd 755 livesys/persistence/all/upper',
      'd 755 livesys/persistence/all/upper/new',
      expect.stringContaining('livesys/persistence/all/work'),
      expect.stringContaining('livesys/persistence/all/work/work'),
      '',
    ]);
    expect(machine.change('cat livesys/persistence/all/fingerprint')).toMatch(
      /^livesys-fingerprint 1\nimage [0-9a-f-]{36}\nlayer l0 [0-9a-f]{64}\nlayer l1 [0-9a-f]{64}\n$/,
    );
  });

  it('are put aside by a reset', () => {
    machine.boot({ session: 'echo 1 >file' });
    const request = ': >livesys/persistence/all/reset';
    machine.change(request);
    const fresh = machine.boot({ session: 'ls file 2>/dev/null; echo 2 >file' });
    expect(fresh.lines).toEqual([]);
    expect(fresh.notices).toEqual([
      'the changes of profile all were reset; the old ones are in upper.old-1',
    ]);
    machine.change(request);
    machine.boot();
    expect(machine.change('cd livesys/persistence/all; cat upper.old-*/file; ls')).toBe(
      '1\n2\nfingerprint\nupper\nupper.old-1\nupper.old-2\nwork\n',
    );
    expectClean(machine.data);
  });

  it('survive a power cut, which is told', () => {
    const cut = machine.boot({
      session: 'echo safe >file; sync file; echo lost >other',
      crash: true,
    });
    expect(cut.status).toBe(0);
    const next = machine.boot({ session: 'cat file' });
    expect(next.lines).toEqual(['safe']);
    expect(next.kmsg).toContain('recovering journal');
    expect(next.state).toMatchObject({ persistence: 'on', unclean: 'yes' });
    expect(next.notices).toEqual([
      'the last session of profile all that kept its changes ended without a shutdown',
    ]);
    expectClean(machine.data);
    expect(machine.boot().state).toMatchObject({ unclean: 'no' });
  });

  it('are closed when the start fails after they were opened, so that the power may go', () => {
    machine.boot({ session: 'echo safe >file' });
    const failed = machine.boot({ arguments: 'init=/nowhere', crash: true });
    expect(failed.status).toBe(1);
    expect(failed.kmsg).toContain('E60');
    expectClean(machine.data);
    const next = machine.boot({ session: 'cat file' });
    expect(next.lines).toEqual(['safe']);
    expect(next.state).toMatchObject({ persistence: 'on', unclean: 'no' });
  });

  it('are shown and not added to with livesys.persistence=readonly', () => {
    machine.boot({ session: 'echo old >file; rm top; mv .livesys marks' });
    const shown = machine.boot({
      arguments: 'livesys.persistence=readonly',
      session:
        'cat file; ls marks/layer; ls top 2>/dev/null; echo new >file; echo new >more; cat file',
    });
    expect(shown.lines).toEqual(['old', 'l0', 'l1', 'new']);
    expect(shown.state).toMatchObject({ persistence: 'readonly', persistence_asked: 'readonly' });
    expect(machine.boot({ session: 'cat file; ls more 2>/dev/null' }).lines).toEqual(['old']);
    expectClean(machine.data);
  });
});

describe('without persistence', () => {
  it('DATA keeps every bit, also where its selection is read', () => {
    machine.boot({ session: 'echo kept >file' });
    select('persistence off\n');
    const before = sha256(machine.data);
    const selected = machine.boot({ session: 'ls file 2>/dev/null; echo new >file' });
    expect(selected.lines).toEqual([]);
    expect(selected.state).toMatchObject({
      persistence: 'off',
      persistence_asked: 'off',
      persistence_error: '',
      data_device: '/dev/sda2',
      data_path: '',
    });
    machine.boot({ arguments: 'livesys.persistence=off', session: 'echo new >file' });
    machine.boot({ arguments: 'livesys.persistence=off livesys.profile=turned' });
    expect(sha256(machine.data)).toBe(before);
  });

  it('the journal of DATA is not replayed where an argument says off', () => {
    machine.boot({ session: 'echo kept >file', crash: true });
    const before = sha256(machine.data);
    expect(machine.boot({ arguments: 'livesys.persistence=off' }).status).toBe(0);
    expect(sha256(machine.data)).toBe(before);
  });
});

describe('the selection', () => {
  it('chooses profile and persistence, below the kernel arguments', () => {
    select('profile turned\npersistence on\n');
    expect(machine.boot({ session: 'cat top' })).toMatchObject({
      lines: ['0'],
      state: { profile: 'turned', profile_source: 'selection', persistence: 'on' },
    });
    expect(machine.boot({ arguments: 'livesys.profile=all' }).state).toMatchObject({
      profile: 'all',
      profile_source: 'argument',
      persistence: 'on',
    });
    expect(machine.boot({ arguments: 'livesys.persistence=off' }).state).toMatchObject({
      profile: 'turned',
      persistence: 'off',
      persistence_asked: 'off',
    });
  });

  it('is honoured when it was synced before a power cut', () => {
    select('persistence on\n');
    const file = `${machine.work}/selection`;
    writeFileSync(file, sealed('livesys-selection 1\nprofile turned\npersistence off\n'));
    const at = '$root/run/initramfs/livesys/data/livesys';
    machine.boot({
      session: `cp ${file} ${at}/new && sync ${at}/new && mv ${at}/new ${at}/selection && sync ${at}`,
      crash: true,
    });
    expect(machine.boot().state).toMatchObject({ profile: 'turned', persistence: 'off' });
    expectClean(machine.data);
  });

  it.each([
    ['a command', `profile $(touch hacked)\n`, 'its profile is not a name'],
    ['a path', 'profile ../../etc\n', 'its profile is not a name'],
    ['a long line', `profile ${'a'.repeat(1_000_000)}\n`, 'it is larger than 4096 bytes'],
    ['CRLF', 'profile turned\r\n', 'its profile is not a name'],
    ['NUL', 'profile tur\0ned\n', 'its profile is not a name'],
  ])('is ignored with %s in it', (_what, lines, problem) => {
    select(lines);
    const { state, notices } = machine.boot();
    expect(state).toMatchObject({ profile: 'all', profile_source: 'default', persistence: 'on' });
    expect(notices).toEqual([`the selection on sda2 is ignored: ${problem}`]);
  });

  it('is ignored as a link, and with an unknown profile', () => {
    select('profile turned\n');
    machine.change('mv livesys/selection livesys/target && ln -s target livesys/selection');
    expect(machine.boot().notices).toEqual([
      'the selection on sda2 is ignored: it is a symbolic link',
    ]);
    select('profile gone\n');
    expect(machine.boot()).toMatchObject({
      state: { profile: 'all', profile_source: 'default' },
      notices: ['profile gone, which was selected, is not on this medium'],
    });
  });
});
