import { expect, it } from 'vitest';
import type { ResolvedConfig } from '../config/resolved.ts';
import type { Facts } from '../contract/facts.ts';
import type { Hooks } from '../contract/hooks.ts';
import type { DistroAdapter } from '../contract/roles.ts';
import { imageLeavesOut } from './leave-out.ts';

function leftOut(identity: 'keep' | 'reset') {
  const config = { identity, excludes: [], include: [] } as unknown as ResolvedConfig;
  const distro = {
    excludes: () => [],
    secrets: [
      { kind: 'made by installing', paths: ['/etc/made.key'] },
      { kind: 'settings', baseOnly: true, paths: ['/etc/settings.conf'] },
    ],
  } as unknown as DistroAdapter;
  const hooks = { imageExcludes: { call: <T>(value: T): T => value } } as unknown as Hooks;
  return imageLeavesOut(config, distro, { facts: {} as Facts, hooks });
}

it('leaves settings that packages bring in layers, and nothing of the base where it is to be handed on', () => {
  const { base, layers } = leftOut('reset');
  expect(base.secrets).toEqual(expect.arrayContaining(['/etc/made.key', '/etc/settings.conf']));
  expect(layers).toContain('/etc/made.key');
  expect(layers).not.toContain('/etc/settings.conf');
});

it('leaves all of the base where it is kept', () => {
  expect(leftOut('keep').base).toMatchObject({ secrets: [], excludes: [] });
});
