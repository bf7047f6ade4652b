import { expect, it } from 'vitest';
import type { MountFacts } from '../contract/facts.ts';
import { NOTHING } from '../plan/keys.ts';
import { snapshotPlaces } from './snapshot-places.ts';

const mount = (at: string, more: Partial<MountFacts> = {}): MountFacts => ({
  ...{ at, type: 'btrfs', device: '/dev/sda2', root: '/@', is: 'in', why: 'system' },
  ...more,
});

it('shows subvolumes in a snapshot that are neither left out nor covered by a mount', async () => {
  const snapshots = {
    of: async ({ at }: MountFacts) => ({
      folder: `snapshot of ${at}`,
      nested:
        at === '/'
          ? ['home', 'home/anna', '.snapshots', '.snapshots/1/snapshot', 'srv/a', 'x']
          : [],
      take: async (nested: string) => `snapshot of ${nested}`,
    }),
  };
  const layer = {
    kind: 'mounts' as const,
    leaveOut: { ...NOTHING, excludes: ['/.snapshots/*', '/x/'] },
    mounts: [
      mount('/', { snapshot: 'taken' }),
      mount('/boot/efi', { type: 'vfat', snapshot: 'type' }),
      mount('/home', { snapshot: 'taken' }),
      mount('/proc', { type: 'proc', is: 'out', why: 'kernel' }),
    ],
  };
  const places = await snapshotPlaces(layer, snapshots);
  expect(places.map(({ at, folders, fixed }) => [at, ...folders, fixed])).toEqual([
    ['/', 'snapshot of /', false],
    ['/.snapshots', 'snapshot of .snapshots', false],
    ['/boot/efi', '/boot/efi', true],
    ['/home', 'snapshot of /home', false],
    ['/srv/a', 'snapshot of srv/a', false],
  ]);
});
