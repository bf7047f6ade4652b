import { expect, it } from 'vitest';
import type { MountFacts, MountSnapshot } from '../contract/facts.ts';
import { renderMounts } from './render-mounts.ts';

it('tells what is read from a snapshot, and why the rest is not', () => {
  const mount = (at: string, snapshot?: MountSnapshot): MountFacts => ({
    ...{ at, type: 'btrfs', device: '/dev/sda2', root: '/', is: 'in', why: 'part-of-root' },
    ...(snapshot === undefined ? {} : { snapshot }),
  });
  const mounts = [
    ...[mount('/a', 'taken'), mount('/b', 'swap'), mount('/c', 'lvm'), mount('/d')],
    mount('/e', 'volume'),
  ];
  const lines = renderMounts(mounts, { sizes: new Map(), all: true, formatBytes: String });
  expect(lines.map((line) => line.trim().replaceAll(/ +/g, ' '))).toEqual([
    'in: /a btrfs part of the same file system, read from a snapshot',
    '/b btrfs part of the same file system, no snapshot: a swap file in use lies on it',
    '/c btrfs part of the same file system, no snapshot: on LVM only ext and xfs are supported',
    '/d btrfs part of the same file system',
    '/e btrfs part of the same file system, read from a snapshot of its LVM volume',
  ]);
});

it('keeps each mount on a line of its own, whatever it is called, and types apart from reasons', () => {
  const mount = (at: string, type: string): MountFacts => ({
    ...{ at, type, device: 'x', root: '/', is: 'out', why: 'fuse' },
  });
  const mounts = [mount('/srv/a\n\u001B[2J', 'ext4'), mount('/srv/b', 'fuse.something')];
  const lines = renderMounts(mounts, { sizes: new Map(), all: true, formatBytes: String });
  expect(lines.slice(0, 2).map((line) => line.trim())).toEqual([
    String.raw`out: /srv/a\x0a\x1b[2J  ext4            shown by a program`,
    '/srv/b             fuse.something  shown by a program',
  ]);
});
