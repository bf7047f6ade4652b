import { cpSync, mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { holdBudget } from './support/budget.ts';
import { IMAGE as SMALL_IMAGE, makeFileSystem, makeMedium } from './support/cases/medium.ts';
import { hashFile } from './support/decoy.ts';
import { expectLive } from './support/expect-live.ts';
import { makeFuseImage } from './support/fuse-images.ts';
import { Guest, type GuestReport } from './support/guest.ts';
import { buildImage } from './support/image.ts';
import { partitionedDisk } from './support/partitioned-disk.ts';
import { run } from './support/run.ts';

// What a medium may lie on, and what it may be plugged into.

/** Seconds on a machine with KVM. */
const BOOT = 60;
const SHELL = fileURLToPath(new URL('../../packages/runtime/shell', import.meta.url));
const SESSION = fileURLToPath(new URL('./support/buses/session', import.meta.url));
const ISO = 'livesys.iso=/isos/live.iso';

/** Devices that only this guest has, with what QEMU needs for each. */
const BUSES = {
  nvme: { device: '/dev/nvme0n1p1', more: ['-device', 'nvme,drive=nvme,serial=n'] },
  'sd-card': {
    device: '/dev/mmcblk0',
    more: ['-device', 'sdhci-pci', '-device', 'sd-card,drive=sd-card'],
  },
  uas: {
    device: '/dev/disk/by-label/UAS',
    more: ['-device', 'usb-uas,bus=usb.0,id=uas', '-device', 'scsi-hd,bus=uas.0,drive=uas'],
  },
  'virtio-scsi': {
    device: '/dev/disk/by-label/VSCSI',
    more: ['-device', 'virtio-scsi-pci,id=vs', '-device', 'scsi-hd,bus=vs.0,drive=virtio-scsi'],
  },
  'iso-on-ntfs': {
    device: '/dev/disk/by-id/virtio-ntfs',
    more: ['-device', 'virtio-blk-pci,drive=iso-on-ntfs,serial=ntfs'],
  },
  'iso-on-exfat': {
    device: '/dev/disk/by-id/virtio-exfat',
    more: ['-device', 'virtio-blk-pci,drive=iso-on-exfat,serial=exfat'],
  },
} as const;
type Bus = keyof typeof BUSES;
const BUS_NAMES = Object.keys(BUSES) as Bus[];

let folder = '';
let trixie = '';

holdBudget('carriers', 5, async () => {
  folder = mkdtempSync(join(tmpdir(), 'livesys-carriers-'));
  trixie = buildImage('trixie');
  await Promise.resolve();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A medium with two tiny layers, on each bus in another file system. */
function makeDrives(): Record<Bus, string> {
  const at = (name: string): string => join(folder, name);
  makeMedium(at('small'), { layers: [{ name: 'a' }, { name: 'b' }] });
  const iso = makeFileSystem(at('small.iso'), 'iso9660', at('small'));
  mkdirSync(at('carrier/isos'), { recursive: true });
  cpSync(iso, at('carrier/isos/live.iso'));
  const ext4 = makeFileSystem(at('ext4'), 'ext4', at('small'));
  return {
    nvme: partitionedDisk(at('nvme'), [{ name: 'X', type: 'linux', image: ext4 }]),
    'sd-card': makeFuseImage(at('sd-card'), 'exfat', at('small')),
    uas: makeFileSystem(at('uas'), 'vfat', at('small'), { label: 'UAS' }),
    'virtio-scsi': makeFileSystem(at('virtio-scsi'), 'ext4', at('small'), { label: 'VSCSI' }),
    'iso-on-ntfs': makeFuseImage(at('ntfs'), 'ntfs', at('carrier')),
    'iso-on-exfat': makeFuseImage(at('exfat'), 'exfat', at('carrier')),
  };
}

/** A stick with one partition of FAT and what lies on the ISO. */
function copyFilesToFat(): string {
  const files = join(folder, 'files');
  run(['xorriso', '-osirrox', 'on', '-indev', trixie, '-extract', '/', files]);
  const fat = join(folder, 'fat');
  writeFileSync(fat, '');
  truncateSync(fat, 512 * 2 ** 20);
  run(['mkfs.vfat', '-F', '32', '-n', 'STICK', fat]);
  run(['sh', '-c', 'mcopy -s -i "$0" "$1"/* ::', fat, files]);
  return partitionedDisk(join(folder, 'stick'), [{ name: 'STICK', type: 'esp', image: fat }]);
}

describe('a machine with many disks', () => {
  let report: GuestReport;
  let drives: Record<Bus, string>;
  let before: readonly string[] = [];

  beforeAll(async () => {
    drives = makeDrives();
    before = await Promise.all(Object.values(drives).map(hashFile));
    const list = BUS_NAMES.map((name) => {
      const iso = name.startsWith('iso-on') ? ISO : '';
      return `${name} ${BUSES[name].device} ${iso}\n`;
    });
    writeFileSync(join(folder, 'devices'), list.join(''));
    writeFileSync(join(folder, 'image'), SMALL_IMAGE);
    const files = { shell: SHELL, session: SESSION, devices: join(folder, 'devices') };
    const guest = await Guest.start({
      firmware: 'uefi',
      medium: { file: copyFilesToFat(), as: 'usb' },
      job: { script: 'sh ./session', files: { ...files, image: join(folder, 'image') } },
      more: BUS_NAMES.flatMap((name) => [
        ...['-drive', `if=none,id=${name},format=raw,file=${drives[name]}`],
        ...BUSES[name].more,
      ]),
    });
    try {
      report = await guest.expectBooted(BOOT * 2);
    } finally {
      await guest.dispose();
    }
  });

  it('boots from a stick with FAT, to which the files of the ISO were copied', () => {
    expectLive(report, { profile: 'live', layers: ['base', 'probe', 'fixups'] });
    expect(report.facts.get('state.medium_fs')).toBe('vfat');
    expect(report.facts.get('firmware')).toBe('uefi');
  });

  it('finds a medium on NVMe, SD card, UAS and SCSI, and an image on NTFS and exFAT', async () => {
    expect(Object.fromEntries(BUS_NAMES.map((name) => [name, report.facts.get(name)]))).toEqual({
      nvme: 'ext4 /dev/nvme0n1p1 b',
      'sd-card': 'exfat /dev/mmcblk0 b',
      uas: expect.stringMatching(/^vfat \/dev\/sd\w b$/) as string,
      'virtio-scsi': expect.stringMatching(/^ext4 \/dev\/sd\w b$/) as string,
      'iso-on-ntfs': expect.stringMatching(/^iso9660 \/dev\/vd\w b$/) as string,
      'iso-on-exfat': expect.stringMatching(/^iso9660 \/dev\/vd\w b$/) as string,
    });
    expect(await Promise.all(Object.values(drives).map(hashFile))).toEqual(before);
  });
});
