import { expect, it } from 'vitest';
import type { Probe } from '../contract/probe.ts';
import { NOTHING } from '../plan/keys.ts';
import { Matcher } from '../rules/matcher.ts';
import { judgeMounts, mountPointPattern } from './judge-mounts.ts';

/** A machine by its mountinfo, and by what lies in /sys: files by path, links by target. */
function machine(
  mountinfo: string,
  sys: { readonly links?: Record<string, string>; readonly files?: Record<string, string> } = {},
): Probe {
  const files: Record<string, string> = { '/proc/self/mountinfo': mountinfo, ...sys.files };
  const below = (path: string): readonly string[] =>
    [...Object.keys(sys.links ?? {}), ...Object.keys(files)]
      .filter((one) => one.startsWith(`${path}/`))
      .map((one) => one.slice(path.length + 1).split('/')[0] ?? '');
  return {
    readText: (path) => files[path],
    list: (path) => [...new Set(below(path))].sort(),
    stat: (path) =>
      files[path] === undefined ? undefined : { kind: 'file', size: 0, modified: 0 },
    realPath: (path) => sys.links?.[path] ?? (path.startsWith('/dev/') ? path : undefined),
  };
}

const judged = (
  probe: Probe,
  choice: { include?: string[]; exclude?: string[] } = {},
): readonly string[] =>
  judgeMounts(probe, { include: [], exclude: [], ...choice }).map(
    ({ at, is, why }) => `${at} ${is} ${why}`,
  );

const DESKTOP = `22 28 0:21 / /proc rw - proc proc rw
23 28 0:22 / /sys rw - sysfs sysfs rw
24 28 0:5 / /dev rw - devtmpfs udev rw
25 24 0:23 / /dev/pts rw - devpts devpts rw
26 28 0:24 / /run rw - tmpfs tmpfs rw
28 1 259:2 / / rw,relatime shared:1 - ext4 /dev/nvme0n1p2 rw
30 28 259:3 / /home rw - ext4 /dev/mapper/home rw
31 28 259:1 / /boot/efi rw - vfat /dev/nvme0n1p1 rw
32 28 0:40 / /mnt/nas rw - nfs4 nas:/export rw
33 28 8:17 / /media/anna/STICK rw - vfat /dev/sdb1 rw
34 26 0:41 / /run/user/1000 rw - tmpfs tmpfs rw
35 34 0:42 / /run/user/1000/gvfs rw - fuse.gvfsd-fuse gvfsd-fuse rw
36 28 7:0 / /snap/core/1 ro - squashfs /dev/loop0 ro
37 28 8:1 / /data rw - xfs /dev/sda1 rw
38 28 0:43 / /var/lib/docker/overlay2/x/merged rw - overlay overlay rw
39 28 0:44 / /tmp rw - tmpfs tmpfs rw
40 28 8:1 /videos /srv/with\\040space rw - xfs /dev/sda1 rw
41 28 0:45 / /opt/strange rw - strangefs thing rw
`;

it('judges the mounts of a desktop', () => {
  expect(judged(machine(DESKTOP))).toEqual([
    '/ in root',
    '/boot/efi in system',
    '/data out elsewhere',
    '/dev out kernel',
    '/dev/pts out inside',
    '/home in system',
    '/media/anna/STICK out elsewhere',
    '/mnt/nas out network',
    '/opt/strange out unknown',
    '/proc out kernel',
    '/run out memory',
    '/run/user/1000 out inside',
    '/run/user/1000/gvfs out inside',
    '/snap/core/1 out image',
    '/srv/with space in system',
    '/sys out kernel',
    '/tmp out memory',
    '/var/lib/docker/overlay2/x/merged out container',
  ]);
});

it('takes and leaves what the config says', () => {
  const lines = judged(machine(DESKTOP), { include: ['/data'], exclude: ['/home'] });
  expect(lines).toContain('/data in asked');
  expect(lines).toContain('/home out asked');
});

it('takes subvolumes of the root, and neither snapshots nor the volume that holds all', () => {
  const btrfs = `28 1 0:30 /@ / rw - btrfs /dev/sda2 rw
29 28 0:30 /@home /home rw - btrfs /dev/sda2 rw
30 28 0:30 /@snapshots /.snapshots rw - btrfs /dev/sda2 rw
31 28 0:30 /@data /data rw - btrfs /dev/sda2 rw
32 28 0:30 / /btrfs rw - btrfs /dev/sda2 rw
33 28 0:30 /@home/anna /srv/anna rw - btrfs /dev/sda2 rw
`;
  expect(judged(machine(btrfs))).toEqual([
    '/ in root',
    '/.snapshots out snapshot',
    '/btrfs out twice',
    '/data in part-of-root',
    '/home in system',
    '/srv/anna in system',
  ]);
});

it('leaves what is shown a second time', () => {
  const binds = `28 1 8:1 / / rw - ext4 /dev/sda1 rw
29 28 8:1 / /srv/chroot rw - ext4 /dev/sda1 rw
30 28 8:1 /var/www /srv/www rw - ext4 /dev/sda1 rw
31 28 8:1 /home/x /x rw - ext4 /dev/sda1 rw
`;
  expect(judged(machine(binds))).toEqual([
    '/ in root',
    '/srv/chroot out twice',
    '/srv/www in system',
    '/x out elsewhere',
  ]);
});

it('sees what is mounted last at a place, and nothing that it hides', () => {
  const layers = `28 1 8:1 / / rw - ext4 /dev/sda1 rw
29 28 0:50 / /boot/efi rw - autofs systemd-1 rw
30 29 8:2 / /boot/efi rw - vfat /dev/sda2 rw
31 28 8:3 / /home/old rw - ext4 /dev/sda3 rw
32 28 8:4 / /home rw - ext4 /dev/sda4 rw
33 32 8:5 / /home/new rw - ext4 /dev/sda5 rw
`;
  expect(judged(machine(layers))).toEqual([
    '/ in root',
    '/boot/efi in system',
    '/home in system',
    '/home/new in system',
  ]);
});

it('sees the upper one of two mounts at a place, whichever of them is older', () => {
  // The first was moved onto the second: a mount keeps its place in the list.
  const moved = `28 1 8:1 / / rw - ext4 /dev/sda1 rw
29 30 8:2 /upper /home rw - ext4 /dev/sda2 rw
30 28 8:3 /lower /home rw - ext4 /dev/sda3 rw
`;
  const found = judgeMounts(machine(moved), { include: [], exclude: [] });
  expect(found.map(({ at, root }) => `${at} ${root}`)).toEqual(['/ /', '/home /upper']);
});

it('takes the root where it is a folder that the kernel does not list, as after chroot', () => {
  const chroot = `40 39 0:21 / /proc rw - proc proc rw
41 39 8:3 / /home rw - ext4 /dev/sda3 rw
`;
  expect(judged(machine(chroot))).toEqual(['/ in root', '/home in system', '/proc out kernel']);
});

it('leaves a memory card, which the kernel calls not removable', () => {
  const card = '/sys/devices/pci0/mmc_host/mmc0/mmc0:0001/block/mmcblk0';
  const mounts = `28 1 8:1 / / rw - ext4 /dev/sda1 rw
29 28 179:1 / /srv/photos rw - ext4 /dev/mmcblk0p1 rw
`;
  const of = (type: string): readonly string[] =>
    judged(
      machine(mounts, {
        links: { '/sys/class/block/mmcblk0p1': `${card}/mmcblk0p1` },
        files: {
          [`${card}/mmcblk0p1/partition`]: '1',
          [`${card}/removable`]: '0\n',
          [`${card}/device/type`]: `${type}\n`,
        },
      }),
    );
  expect(of('SD')).toContain('/srv/photos out removable');
  expect(of('MMC')).toContain('/srv/photos in system');
});

it('leaves what is mounted at a path that is no text, with what it hides', () => {
  const mounts = `28 1 8:1 / / rw - ext4 /dev/sda1 rw
29 28 8:2 / /srv/caf\uFFFD rw - ext4 /dev/sda2 rw
`;
  expect(judged(machine(mounts), { include: ['/srv/caf\uFFFD'] })).toEqual([
    '/ in root',
    '/srv/caf\uFFFD out name',
  ]);
  const excludes = [`${mountPointPattern('/srv/caf\uFFFD')}/*`];
  const matcher = new Matcher({ ...NOTHING, excludes });
  const verdict = (name: string): string => matcher.judge(`/srv/${name}/x`, false);
  expect(['caf\xE9', 'cafe', 'caf\xC3\xA9', 'caf'].map(verdict)).toEqual(['out', 'in', 'in', 'in']);
});

it('leaves disks that can be taken out, below encryption too, unless the system itself is there', () => {
  const usb = '/sys/devices/pci0/usb1/1-1/block/sdb';
  const inside = '/sys/devices/pci0/ata1/block/sda';
  const links = {
    '/sys/class/block/sda1': `${inside}/sda1`,
    '/sys/class/block/sdb1': `${usb}/sdb1`,
    '/sys/class/block/sdb2': `${usb}/sdb2`,
    '/sys/class/block/dm-0': '/sys/devices/virtual/block/dm-0',
    '/sys/devices/virtual/block/dm-0/slaves/sdb1': `${usb}/sdb1`,
    '/dev/mapper/backup': '/dev/dm-0',
  };
  const files = Object.fromEntries(
    [`${inside}/sda1`, `${usb}/sdb1`, `${usb}/sdb2`].map((path) => [`${path}/partition`, '1']),
  );
  const mounts = (root: string): string => `28 1 8:1 / / rw - ext4 ${root} rw
29 28 253:0 / /srv/backup rw - ext4 /dev/mapper/backup rw
30 28 8:18 / /home rw - ext4 /dev/sdb2 rw
`;
  expect(judged(machine(mounts('/dev/sda1'), { links, files }))).toEqual([
    '/ in root',
    '/home out removable',
    '/srv/backup out removable',
  ]);
  expect(judged(machine(mounts('/dev/sdb1'), { links, files }))).toEqual([
    '/ in root',
    '/home in system',
    '/srv/backup in system',
  ]);
});

it('leaves what is mounted for containers inside of their folders, not a disk that holds all of them', () => {
  const mounts = `28 1 8:1 / / rw - ext4 /dev/sda1 rw
29 28 8:2 / /var/lib/docker rw - ext4 /dev/sda2 rw
30 29 0:60 / /var/lib/docker/zfs/graph/abc rw - zfs tank/docker/abc rw
31 28 8:48 / /var/lib/kubelet/pods/x/volumes/kubernetes.io~csi/pvc/mount rw - ext4 /dev/sdd rw
32 28 8:49 / /var/lib/containers/storage/btrfs/x rw - btrfs /dev/sde rw
`;
  expect(judged(machine(mounts))).toEqual([
    '/ in root',
    '/var/lib/containers/storage/btrfs/x out container',
    '/var/lib/docker in system',
    '/var/lib/docker/zfs/graph/abc out container',
    '/var/lib/kubelet/pods/x/volumes/kubernetes.io~csi/pvc/mount out container',
  ]);
});

it('takes a folder of the system that is an image or a stack of folders', () => {
  const mounts = `28 1 8:1 / / rw - ext4 /dev/sda1 rw
29 28 0:60 / /usr ro - overlay sysext ro
30 28 0:61 / /etc rw - overlay overlay rw
31 28 7:0 / /opt ro - squashfs /dev/loop0 ro
32 28 7:1 / /opt/app/1 ro - squashfs /dev/loop1 ro
`;
  expect(judged(machine(mounts))).toEqual([
    '/ in root',
    '/etc in system',
    '/opt in system',
    '/opt/app/1 out image',
    '/usr in system',
  ]);
});

it('knows the layout of openSUSE, where the root itself is a snapshot', () => {
  const own = ['root', 'home', 'srv', 'opt', 'usr/local', 'var', 'tmp', 'boot/grub2/x86_64-efi'];
  const lines = own.map(
    (name, index) => `${30 + index} 28 0:30 /@/${name} /${name} rw - btrfs /dev/sda2 rw`,
  );
  const mounts = `28 1 0:30 /@/.snapshots/1/snapshot / rw - btrfs /dev/sda2 rw
29 28 0:30 /@/.snapshots /.snapshots rw - btrfs /dev/sda2 rw
${lines.join('\n')}
`;
  expect(judged(machine(mounts)).filter((line) => line.includes(' out '))).toEqual([
    '/.snapshots out snapshot',
    '/tmp out elsewhere',
  ]);
});

it('knows a place of snapshots by its mount point, whatever its subvolume is called', () => {
  const mounts = `28 1 0:30 /@ / rw - btrfs /dev/sda2 rw
29 28 0:30 /kept /.snapshots rw - btrfs /dev/sda2 rw
`;
  expect(judged(machine(mounts))).toEqual(['/ in root', '/.snapshots out snapshot']);
});

it('tells of a place where something is mounted when it is used', () => {
  const mounts = `28 1 8:1 / / rw - ext4 /dev/sda1 rw
29 28 0:50 / /home rw - autofs systemd-1 rw
30 28 0:51 / /boot/efi rw - autofs systemd-1 rw
31 28 0:21 / /proc rw - proc proc rw
32 31 0:52 / /proc/sys/fs/binfmt_misc rw - autofs systemd-1 rw
`;
  expect(judged(machine(mounts))).toEqual([
    '/ in root',
    '/boot/efi out automount',
    '/home out automount',
    '/proc out kernel',
    '/proc/sys/fs/binfmt_misc out inside',
  ]);
});

it('does not see a mount whose place was removed', () => {
  const mounts = `28 1 8:1 / / rw - ext4 /dev/sda1 rw
29 28 8:2 / /home/gone//deleted rw - ext4 /dev/sda2 rw
`;
  expect(judged(machine(mounts))).toEqual(['/ in root']);
});

it('judges thousands of mounts at once', () => {
  const lines = Array.from(
    { length: 8000 },
    (_, index) =>
      `${100 + index} 28 0:${100 + index} / /var/lib/x/${index} rw - overlay overlay rw`,
  );
  const start = performance.now();
  const mounts = judged(machine(`28 1 8:1 / / rw - ext4 /dev/sda1 rw\n${lines.join('\n')}\n`));
  expect(mounts).toHaveLength(8001);
  expect(performance.now() - start).toBeLessThan(5000);
});
