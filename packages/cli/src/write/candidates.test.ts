import { describe, expect, it } from 'vitest';

import { listBlockDevices } from '../disk/block-devices.ts';
import type { RunProgram } from '../programs/run-program.ts';
import { judgeDevices, refusalOf } from './candidates.ts';
import { contentsOf } from './contents.ts';

const GIB = 1024 ** 3;

type Row = Readonly<Record<string, unknown>>;

/** A stick as lsblk tells of it. */
const row = (path: string, more: Row = {}): Row => ({
  ...{ path, type: 'disk', size: 57 * GIB, 'log-sec': 512, rm: true, hotplug: true, ro: false },
  ...{ tran: 'usb', model: 'Ultra', serial: '4C53', pkname: null, fstype: null, label: null },
  ...{ mountpoints: [null] },
  ...more,
});
const part = (path: string, more: Row = {}) =>
  row(path, { type: 'part', pkname: path.slice(5).replace(/p?\d+$/, ''), ...more });
const builtIn = { rm: false, hotplug: false, tran: 'sata' };

const programs =
  (rows: readonly Row[], blkid = ''): RunProgram =>
  async ([name]) => ({
    ...{ code: 0, signal: null, stderr: '', line: name },
    stdout: Buffer.from(name === 'lsblk' ? JSON.stringify({ blockdevices: rows }) : blkid),
  });

const wish = { bytes: 3 * GIB, fixed: undefined, sources: [] };
async function judge(one: Row, more: Partial<Parameters<typeof refusalOf>[1]> = {}) {
  const [device] = await listBlockDevices(programs([one]));
  if (!device) throw new Error('there is no device');
  return refusalOf(device, { ...wish, ...more });
}

describe('a device', () => {
  it.each([
    ['a stick', row('/dev/sdb')],
    ['a stick with partitions', row('/dev/sdb', { children: [part('/dev/sdb1')] })],
    ['a USB disk that says it is fixed', row('/dev/sdb', { ...builtIn, tran: 'usb' })],
    ['a memory card of an old lsblk', row('/dev/mmcblk0', { ...builtIn, tran: null })],
    [
      'one told of by an old lsblk',
      row('/dev/sdb', { rm: '1', hotplug: '0', ro: '0', tran: null }),
    ],
  ])('may be written to: %s', async (_, one) => {
    expect(await judge(one)).toBeUndefined();
  });

  const mounted = (point: string, more: Row = {}) =>
    row('/dev/sda', {
      ...builtIn,
      children: [part('/dev/sda1', { mountpoints: [point], ...more })],
    });
  it.each([
    ['/', 'holds the running system'],
    ['/boot/efi', 'holds the running system'],
    ['[SWAP]', 'holds the running system'],
    ['/run/initramfs/livesys/medium', 'holds the running live system'],
    ['/media/me/BACKUP', 'is mounted on /media/me/BACKUP'],
  ])('is refused when a part of it is mounted on %s', async (point, refusal) => {
    expect(await judge(mounted(point))).toBe(refusal);
    expect(await judge(mounted(point), { fixed: '/dev/sda' })).toBe(refusal);
  });

  const holder = (type: string, more: Row = {}) =>
    row('/dev/sdb', {
      children: [part('/dev/sdb2', { children: [row('/dev/dm-0', { type, ...more })] })],
    });
  it.each([
    ['LVM', holder('lvm'), 'is part of /dev/dm-0 (lvm)'],
    ['LUKS', holder('crypt'), 'is part of /dev/dm-0 (crypt)'],
    ['RAID', holder('raid1'), 'is part of /dev/dm-0 (raid1)'],
    ['LVM of the system', holder('lvm', { mountpoints: ['/'] }), 'holds the running system'],
    ['a partition', part('/dev/sdb1'), 'is a partition: a medium takes the whole of /dev/sdb'],
    ['a volume', row('/dev/dm-1', { type: 'lvm' }), 'is no disk (lvm)'],
    ['a drive for discs', row('/dev/sr0', { type: 'rom' }), 'is no disk (rom)'],
    ['read-only', row('/dev/sdb', { ro: true }), 'is read-only'],
    ['too small', row('/dev/sdb', { size: GIB }), 'is too small: the image has 3.0 GiB'],
    ['of large sectors', row('/dev/sdb', { 'log-sec': 4096 }), /^has sectors of 4096 bytes/],
    ['built in', row('/dev/sda', builtIn), /^is built in; .*: --fixed \/dev\/sda$/],
  ])('is refused: %s', async (_, one, refusal) => {
    expect(await judge(one)).toMatch(refusal);
  });

  it('that is built in may be written to when it is named for that', async () => {
    expect(await judge(row('/dev/sda', builtIn), { fixed: '/dev/sda' })).toBeUndefined();
    expect(await judge(row('/dev/sda', builtIn), { fixed: '/dev/sdb' })).toMatch(/^is built in/);
  });

  it('is never where the image comes from', async () => {
    const stick = row('/dev/sdb', { children: [part('/dev/sdb3')] });

    expect(await judge(stick, { sources: ['/dev/sdb'] })).toBe('is where the image comes from');
    expect(await judge(stick, { sources: ['/dev/sdb3'] })).toBe('is where the image comes from');
  });
});

it('the list has disks, those that may be written to first', async () => {
  const rows = [
    ...[row('/dev/loop0', { type: 'loop' }), row('/dev/sr0', { type: 'rom' }), row('/dev/zram0')],
    ...[row('/dev/sda', builtIn), row('/dev/sdb'), row('/dev/sdc', { size: 0 })],
  ];
  const candidates = judgeDevices(await listBlockDevices(programs(rows)), wish);

  expect(candidates.map(({ device }) => device.path)).toEqual(['/dev/sdb', '/dev/sda']);
});

describe('what is on a device', () => {
  const contents = async (one: Row, blkid?: string) => {
    const run = programs([one], blkid);
    const [device] = await listBlockDevices(run);
    return device && contentsOf(device, run);
  };

  it.each([
    ['a file system', row('/dev/sdb', { fstype: 'vfat', label: 'BACKUP' }), 'vfat "BACKUP"'],
    [
      'several',
      row('/dev/sdb', {
        children: [part('/dev/sdb1', { fstype: 'vfat' }), part('/dev/sdb2', { fstype: 'ext4' })],
      }),
      'vfat, ext4',
    ],
    ['a hostile label', row('/dev/sdb', { fstype: 'vfat', label: 'a\u001B[2J' }), 'vfat "a?[2J"'],
  ])('is told in few words: %s', async (_, one, words) => {
    expect(await contents(one)).toBe(words);
  });

  it('is looked for where lsblk does not know it', async () => {
    expect(await contents(row('/dev/sdb'), 'LABEL=My\\ Files\nTYPE=ext4\nPTTYPE=gpt\n')).toBe(
      'ext4 "My Files"',
    );
    expect(await contents(row('/dev/sdb'), 'PTTYPE=dos\n')).toBe('partitions (dos)');
    expect(await contents(row('/dev/sdb'), '')).toBe('contents unknown');
  });
});
