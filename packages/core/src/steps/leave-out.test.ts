import { describe, expect, it } from 'vitest';
import type { ResolvedConfig } from '../config/resolved.ts';
import type { Facts } from '../contract/facts.ts';
import type { Hooks } from '../contract/hooks.ts';
import type { DistroAdapter } from '../contract/roles.ts';
import { NOTHING } from '../plan/keys.ts';
import type { LeaveOut, PlanTree } from '../plan/model.ts';
import { Matcher } from '../rules/matcher.ts';
import { baseTree, imageLeavesOut } from './leave-out.ts';

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

describe('folders in which every root has something mounted', () => {
  const judged = (leaveOut: Partial<LeaveOut>, ...paths: readonly string[]): readonly string[] => {
    const tree: PlanTree = { layers: [{ kind: 'directory', path: '/source' }] };
    const [layer] = baseTree(tree, { ...NOTHING, ...leaveOut }, []).layers;
    const found = layer?.kind === 'directory' ? layer.leaveOut : undefined;
    const matcher = new Matcher(found ?? NOTHING);
    return paths.map((path) => matcher.judge(path, path.endsWith('/')));
  };

  it.each([['/tmp'], ['/tmp/'], ['tmp'], ['/*']])('stay, empty, where %s is left out', (line) => {
    expect(judged({ excludes: [line] }, '/tmp/', '/tmp/file')).toEqual(['empty', 'out']);
  });

  it('stay with the folder that leads to them', () => {
    expect(judged({ excludes: ['/var'] }, '/var/', '/var/tmp/', '/var/lib/')) //
      .toEqual(['way', 'empty', 'out']);
  });

  it('stay with what is brought back, and with all that no line leaves out', () => {
    const paths = ['/tmp/', '/tmp/kept', '/tmp/lost'];
    expect(judged({ excludes: ['/tmp'], include: ['/tmp/kept'] }, ...paths)) //
      .toEqual(['way', 'in', 'out']);
    expect(judged({}, ...paths)).toEqual(['in', 'in', 'in']);
  });
});
