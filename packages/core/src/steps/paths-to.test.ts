import { expect, it } from 'vitest';
import type { MountFacts } from '../contract/facts.ts';
import { pathsTo } from './paths-to.ts';

const mount = (at: string, root = '/', more: Partial<MountFacts> = {}): MountFacts => ({
  ...{ at, root, type: 'ext4', device: '/dev/sda1', is: 'in', why: 'system' },
  ...more,
});

const paths = (path: string, ...mounts: readonly MountFacts[]): readonly string[] =>
  pathsTo(path, [mount('/'), ...mounts], {
    readText: () => undefined,
    list: () => [],
    stat: () => undefined,
    realPath: (asked) => ({ '/made': '/var/made', '/var/cache': '/var/cache' })[asked],
  });

it('a place is where it is, whatever is mounted elsewhere', () => {
  const other = { device: '/dev/sdb1' };
  expect(paths('/var/cache/x', mount('/srv', '/', other), mount('/home', '/people'))) //
    .toEqual(['/var/cache/x']);
});

it('links are followed, also to what is not there yet', () => {
  expect(paths('/made/new/file')).toEqual(['/var/made/new/file']);
});

it('mounts show it once more, or something in it', () => {
  expect(paths('/var/cache/x', mount('/srv/a', '/var'), mount('/srv/b', '/var/cache/x/results'))) //
    .toEqual(['/var/cache/x', '/srv/a/cache/x', '/srv/b']);
});

it('what is shown in a mount that is out may be shown by one that is in', () => {
  const disk = { device: '/dev/sdb1' };
  const out = mount('/data', '/', { ...disk, is: 'out', why: 'elsewhere' });
  expect(paths('/data/cache', out, mount('/srv', '/', disk))).toEqual([
    '/data/cache',
    '/srv/cache',
  ]);
});
