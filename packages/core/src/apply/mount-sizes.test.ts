import { expect, it } from 'vitest';
import type { MountFacts } from '../contract/facts.ts';
import type { Plan } from '../plan/model.ts';
import { mountSizes } from './mount-sizes.ts';

it('asks no file system for its size that may never answer, also where the config leaves it out', async () => {
  const mount = { at: '/', device: 'x', root: '/', is: 'out', why: 'asked' } as const;
  const sizeOf = async (type: string): Promise<number | undefined> => {
    const mounts: readonly MountFacts[] = [{ ...mount, type }];
    const plan = { trees: { 'source:base': { layers: [{ kind: 'mounts', mounts }] } } };
    return (await mountSizes(plan as unknown as Plan, new Map())).get('/')?.used;
  };
  expect(await sizeOf('ext4')).toBeGreaterThan(0);
  for (const type of ['nfs4', 'cifs', 'fuse.sshfs', 'autofs'])
    expect(await sizeOf(type)).toBe(undefined);
});
