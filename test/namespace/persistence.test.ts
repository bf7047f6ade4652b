import { beforeEach, describe, expect, it } from 'vitest';
import { expectClean, LiveMachine } from './support/live-machine.ts';

// Real layers, loop devices, ext4 and overlays, as root in a mount namespace of its own.
const machine = new LiveMachine(['persist all data - optional']);
beforeEach(() => {
  machine.format();
});

describe('with persistence', () => {
  it('keeps files, deletions, renamed directories, owners, attributes and capabilities', () => {
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
    expect(first.notices).toEqual([]);
    expectClean(machine.data);

    const second = machine.boot({
      session: `cat home/user/file; stat -c '%u %a' home/user/file; getfattr --only-values -n user.note home/user/file; echo
        getcap tool; [ ! -e top ] && echo deleted; ls marks/layer; [ ! -e .livesys ] && echo renamed`,
    });
    expect(second.lines).toEqual([
      ...['hello', '1000 640', 'kept', 'tool cap_net_raw=ep', 'deleted'],
      ...['l0', 'l1', 'renamed'],
    ]);
    expectClean(machine.data);
  });
});
