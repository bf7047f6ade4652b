import { expect, it } from 'vitest';
import type { Probe } from '../contract/probe.ts';
import { judgeMounts } from './judge-mounts.ts';
import { judgeSnapshots } from './judge-snapshots.ts';

/** Which mounts of a machine are read from a snapshot; files and links by path. */
function judged(
  mountinfo: string,
  files: Readonly<Record<string, string>> = {},
  links: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string | undefined>> {
  const probe: Probe = {
    readText: (path) => ({ '/proc/self/mountinfo': mountinfo, ...files })[path],
    list: () => [],
    stat: () => undefined,
    realPath: (path) => links[path] ?? path,
  };
  const mounts = judgeSnapshots(probe, judgeMounts(probe, { include: [], exclude: [] }));
  return Object.fromEntries(mounts.map(({ at, snapshot }) => [at, snapshot]));
}

const OPTIONS = (subvolume: string): string => `rw,subvolid=256,subvol=${subvolume}`;

const UUID = `LVM-${'g'.repeat(32)}${'v'.repeat(32)}`;

it('takes snapshots of btrfs and of volumes of LVM, and says why there is none of others', () => {
  const mounts = `28 1 0:30 /@ / ro - btrfs /dev/sda2 ${OPTIONS('/@')}
29 28 0:30 /@home /home rw - btrfs /dev/sda2 ${OPTIONS('/@home')}
30 28 8:1 / /boot/efi rw - vfat /dev/sda1 rw
31 28 253:1 / /srv rw - xfs /dev/mapper/vg-srv rw
32 28 8:3 / /usr ro - btrfs /dev/sda3 ro,subvol=/
33 28 0:5 / /dev rw - devtmpfs udev rw
34 28 253:2 /srv /var rw - ext4 /dev/root rw
35 28 253:2 /opt /opt rw - ext4 /dev/root ro
36 28 253:3 / /etc rw - f2fs /dev/mapper/vg-etc rw
37 28 253:4 / /root rw - ext4 /dev/mapper/crypt rw
38 28 253:5 / /lib rw - ext4 /dev/mapper/vg-lib-real rw
`;
  const files = {
    ...{ '/sys/dev/block/253:1/dm/uuid': `${UUID}\n`, '/sys/dev/block/253:2/dm/uuid': UUID },
    ...{ '/sys/dev/block/253:3/dm/uuid': UUID, '/sys/dev/block/253:5/dm/uuid': `${UUID}-real` },
    '/sys/dev/block/253:4/dm/uuid': 'CRYPT-LUKS2-0123-crypt\n',
  };
  expect(judged(mounts, files)).toEqual({
    ...{ '/': 'taken', '/home': 'taken' },
    ...{ '/boot/efi': 'type', '/srv': 'volume', '/usr': 'read-only', '/dev': undefined },
    ...{ '/var': 'volume', '/opt': 'read-only', '/etc': 'lvm', '/root': 'type', '/lib': 'type' },
  });
});

it('takes none of a subvolume with a swap file in use, wherever that is shown', () => {
  const mounts = `28 1 0:30 /@ / rw - btrfs /dev/sda2 ${OPTIONS('/@')}
29 28 0:30 /@/data /srv rw - btrfs /dev/sda2 ${OPTIONS('/@')}
30 28 0:30 /@,\\040x /home rw - btrfs /dev/sda2 ${OPTIONS('/@,\\040x')}
31 28 0:30 /@swap /var/swap rw - btrfs /dev/sda2 ${OPTIONS('/@swap')}
`;
  const swaps = (path: string) => ({
    '/proc/swaps': `Filename Type\n/dev/zram0 partition 1\n${path} file 2\n`,
  });
  const taken = { '/': 'taken', '/srv': 'taken', '/home': 'taken', '/var/swap': 'taken' };
  expect(judged(mounts)).toEqual(taken);
  expect(judged(mounts, swaps('/swap\\040file'))).toEqual({
    ...taken,
    '/': 'swap',
    '/srv': 'swap',
  });
  expect(judged(mounts, swaps('/home/swap'))).toEqual({ ...taken, '/home': 'swap' });
  expect(judged(mounts, swaps('/var/swap/file'))).toEqual({ ...taken, '/var/swap': 'swap' });
});
