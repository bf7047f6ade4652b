import { describe, expect, it } from 'vitest';
import { fakeBlkid, fakeDisk } from '../../../test/support/fake-disks.ts';
import { IMAGE } from '../../../test/support/manifest-text.ts';
import { shellLibrary, SHELLS } from '../../../test/support/shell-library.ts';

const library = shellLibrary();

describe.each(SHELLS)('devices under %s', (...shell) => {
  const run = (script: string) => library.run(shell, script);

  const disk = (name: string, sectors: string, files: Readonly<Record<string, string>> = {}) =>
    fakeDisk(library, name, sectors, files);

  it('are listed with the reason why each was refused', () => {
    disk('sda', '3907029168', { 'sda1/partition': '1' });
    disk('sda1', '2048000', { partition: '1' });
    disk('sdb', '8388608', { removable: '1' });
    disk('sdc', '8388608', { 'holders/dm-0/x': '' });
    disk('dm-0', '8388608');
    disk('sde', '0');
    disk('loop0', '8388608');
    disk('zram0', '8388608');
    fakeBlkid(library, {
      sda1: 'ID_FS_TYPE=swap\\n',
      sdb: 'ID_FS_TYPE=crypto_LUKS\\nID_FS_UUID=77-1\\n',
    });
    const script = `LIVESYS_ARG_image=${IMAGE} LIVESYS_ARG_timeout=0; livesys_find_medium; echo "$LIVESYS_CODE $LIVESYS_REASON"; livesys_device_table`;
    expect(run(script).map((line) => line.replaceAll(/ +/g, ' '))).toEqual([
      `E20 no medium holds image ${IMAGE} (waited 0 s)`,
      'device size fs label uuid verdict',
      'sdb 4294MB crypto_LUKS - 77-1 encrypted: never opened',
      'dm-0 4294MB - - - part of a volume or array: never used',
      'sda 2000GB - - - has partitions, each is tried by itself',
      'sda1 1048MB swap - - swap: never touched',
      'sdc 4294MB - - - in use by dm-0',
      'sde 0 - - - no medium in it',
    ]);
  });

  it('are waited for until the time is over', () => {
    const script = `sleep() { printf '20.00 0\\n' >proc/uptime; }; LIVESYS_ARG_image=${IMAGE} LIVESYS_ARG_timeout=5; livesys_find_medium; echo "$LIVESYS_REASON"; livesys_device_table`;
    expect(run(script)).toEqual([
      `no medium holds image ${IMAGE} (waited 8 s)`,
      'no disk, stick or drive was seen',
    ]);
  });

  it('are mounted without a journal replay', () => {
    const script =
      'for t in ext3 xfs btrfs vfat ntfs; do livesys_probe_options $t; echo "$LIVESYS_DRIVER $LIVESYS_OPTIONS"; done';
    expect(run(script)).toEqual([
      'ext4 ro,nodev,nosuid,noexec,noload',
      'xfs ro,nodev,nosuid,noexec,norecovery,nouuid',
      'btrfs ro,nodev,nosuid,noexec,rescue=nologreplay',
      'vfat ro,nodev,nosuid,noexec',
      'ntfs3 ro,nodev,nosuid,noexec',
    ]);
  });
});
