import { mkdirSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { attach, detach } from './loop.ts';
import { makeSystem, type RunningSystem } from './running-system.ts';
import { run } from './run.ts';

/** A running system whose file systems are subvolumes of one btrfs. */
export interface BtrfsSystem extends RunningSystem {
  /** The top of its btrfs, as it lies on this machine. */
  readonly top: string;
  /** What of snapshots is there: names at the top, and subvolumes that were none at the start. */
  snapshots(): readonly string[];
  /** The same when nothing more goes away: it is given up to 20 s for that. */
  snapshotsAtLast(): Promise<readonly string[]>;
  remove(): void;
}

/** Subvolumes in that of the root, which are not mounted by themselves. */
const NESTED = [
  ...['var/lib/machines', 'var/lib/machines/inner', '.snapshots', '.snapshots/1/snapshot'],
];

/** `top`: `/` is the top itself, as mkfs makes it; else `@` and `@home` are mounted. */
export function makeBtrfsSystem(folder: string, layout: 'subvolumes' | 'top'): BtrfsSystem {
  const [image, top] = [join(folder, 'btrfs.img'), join(folder, 'top')];
  for (const path of [top, join(folder, 'root')]) mkdirSync(path, { recursive: true });
  run('truncate', '--size=4G', image);
  run('mkfs.btrfs', '--quiet', image);
  const device = attach(image);
  run('mount', '-t', 'btrfs', '-o', 'subvolid=5', device, top);
  const [root, home] =
    layout === 'top' ? [top, join(top, 'home')] : [join(top, '@'), join(top, '@home')];
  const own = layout === 'top' ? [] : [root, home];
  for (const path of [...own, ...NESTED.map((name) => join(root, name))]) {
    mkdirSync(dirname(path), { recursive: true });
    run('btrfs', 'subvolume', 'create', path);
  }
  const mounts =
    layout === 'top'
      ? [`mount -t btrfs -o subvolid=5 ${device} root`]
      : ['', '/home'].map((at) => `mount -t btrfs -o subvol=@${at.slice(1)} ${device} root${at}`);
  const system = makeSystem({
    ...{ folder, root, mounts: mounts.join('\n') },
    programs: ['btrfs', 'touch'],
    placeOf: (path) =>
      path.startsWith('/home/') ? join(home, path.slice('/home'.length)) : join(root, path),
  });
  const known = subvolumes(top);
  const snapshots = (): readonly string[] => [
    ...readdirSync(top).filter((name) => name.startsWith('.livesys-')),
    ...subvolumes(top).filter((path) => !known.includes(path)),
  ];
  return {
    ...system,
    ...{ top, snapshots },
    async snapshotsAtLast() {
      const end = Date.now() + 20_000;
      while (snapshots().length > 0 && Date.now() < end) await pause(50);
      return snapshots();
    },
    remove() {
      run('umount', '--recursive', top);
      detach(device);
    },
  };
}

function subvolumes(top: string): readonly string[] {
  return run('btrfs', 'subvolume', 'list', top)
    .split('\n')
    .map((line) => line.replace(/^.* path /, ''))
    .filter(Boolean);
}
