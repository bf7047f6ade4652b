import { beforeEach, describe, expect, it } from 'vitest';
import { expectClean, LiveMachine } from './support/live-machine.ts';
import { sha256, tool } from './support/live-media.ts';

// livesys.data= on real file systems, as root in a mount namespace of its own.
const machine = new LiveMachine(['persist all data - optional']);
let disk: string;
const disks = () => [
  { name: 'sda2', image: machine.data, data: true },
  { name: 'sdb1', image: disk },
];
beforeEach(() => {
  machine.format();
  disk = machine.format(`${machine.work}/disk.img`, '128M', '-L', 'STORE');
});

describe('livesys.data=', () => {
  it.each([
    ['LABEL=STORE', '', ''],
    ['/dev/sdb1', '', ''],
    ['LABEL=STORE:/some/where, or else', 'mkdir -p "some/where, or else"', '/some/where, or else'],
    ['LABEL=STORE:/image:1', 'mkfs.ext4 -q image:1 32M', '/image:1'],
    ['LABEL=STORE:/link', 'mkdir target && ln -s /target link', '/link'],
  ])('%s is used instead of DATA', (argument, prepare, inside) => {
    if (prepare !== '') machine.change(prepare, disk);
    const before = sha256(machine.data);
    const options = { disks: disks(), arguments: `"livesys.data=${argument}"` };
    const first = machine.boot({ ...options, session: 'echo kept >file' });
    expect(first.state).toMatchObject({
      persistence: 'on',
      data_device: '/dev/sdb1',
      data_fs: 'ext4',
      data_inside: inside,
      data_path: `${first.root}/run/initramfs/livesys/data`,
    });
    expect(first.notices).toEqual([]);
    expectClean(disk);
    expect(machine.boot({ ...options, session: 'cat file' }).lines).toEqual(['kept']);
    expectClean(disk);
    expect(sha256(machine.data)).toBe(before);
  });

  it('an image is checked, and the file system around it', () => {
    machine.change('mkfs.ext4 -q image 32M', disk);
    const options = { disks: disks(), arguments: 'livesys.data=LABEL=STORE:/image' };
    machine.boot({ ...options, session: 'echo kept >file; sync file', crash: true });
    const next = machine.boot({ ...options, session: 'cat file' });
    expect(next.state).toMatchObject({ unclean: 'yes', persistence: 'on' });
    expectClean(disk);
    machine.change('e2fsck -fn image', disk);
    machine.change('dd if=/dev/zero of=image bs=1k seek=1 count=1 conv=notrunc 2>/dev/null', disk);
    expect(machine.boot(options).state).toMatchObject({
      persistence: 'off',
      persistence_error: 'E43',
    });
  });

  it('a selection there is read, and nothing else is written when it says off', () => {
    machine.change(
      `mkdir -p sub/livesys && { printf 'livesys-selection 1\\npersistence off\\n'; printf 'end '; printf 'livesys-selection 1\\npersistence off\\n' | sha256sum | cut -d' ' -f1; } >sub/livesys/selection`,
      disk,
    );
    const before = sha256(disk);
    const { state } = machine.boot({ disks: disks(), arguments: 'livesys.data=/dev/sdb1:/sub' });
    expect(state).toMatchObject({ persistence: 'off', persistence_error: '' });
    expect(sha256(disk)).toBe(before);
  });

  it.each([
    ['LABEL=NONE', 'E40', 'there is no LABEL=NONE, which livesys.data= names'],
    ['LABEL=STORE:/none', 'E40', 'there is no /none on sdb1 .ext4'],
    ['LABEL=STORE:/endless', 'E40', 'there is no /endless on sdb1'],
    ['LABEL=LIVESYS-DATA', 'E40', 'livesys.data= names several devices: sda2, sdc1'],
    ['/dev/sda1', 'E42', 'holds the medium itself, which is mounted without its journal'],
    ['/dev/sdd1', 'E42', 'sdd1 has vfat, which cannot keep the changes'],
    ['/dev/sdd1:/x', 'E42', 'sdd1 .*vfat'],
    ['/dev/sde1', 'E42', 'sde1: swap: never touched'],
    ['/dev/sdf1', 'E42', 'sdf1 has squashfs, which cannot'],
  ])('%s is %s', (argument, code, reason) => {
    const twin = machine.format(`${machine.work}/twin.img`);
    machine.change('ln -s endless endless', disk);
    tool(
      'rm',
      '-f',
      `${machine.work}/fat.img`,
      `${machine.work}/swap.img`,
      `${machine.work}/squash.img`,
    );
    tool('mkfs.vfat', '-C', `${machine.work}/fat.img`, '65536');
    tool('dd', 'if=/dev/zero', `of=${machine.work}/swap.img`, 'bs=1M', 'count=8');
    tool('mkswap', `${machine.work}/swap.img`);
    tool(
      'mksquashfs',
      `${machine.work}/tools`,
      `${machine.work}/squash.img`,
      '-quiet',
      '-no-progress',
    );
    const image = (name: string) => `${machine.work}/${name}.img`;
    const all = [
      ...disks(),
      { name: 'sdc1', image: twin },
      { name: 'sdd1', image: image('fat') },
      { name: 'sde1', image: image('swap') },
      { name: 'sdf1', image: image('squash') },
    ];
    const before = all.map((partition) => sha256(partition.image));
    const session = machine.boot({ disks: all, arguments: `livesys.data=${argument}` });
    expect(session.state).toMatchObject({
      persistence: 'off',
      persistence_error: code,
      persistence_reason: expect.stringMatching(reason) as string,
    });
    expect(all.map((partition) => sha256(partition.image))).toEqual(before);
  });

  it('names what was seen when the boot has to stop', () => {
    const { kmsg } = machine.boot({
      disks: disks(),
      arguments: 'livesys.data=LABEL=NONE livesys.persistence.on-error=stop',
    });
    expect(kmsg).toMatch(
      /FAIL code=E40 [^]*sdb1 +\d+MB ext4 +STORE .* not the device that livesys.data= names/,
    );
  });
});
