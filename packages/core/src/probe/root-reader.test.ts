import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkObservations } from '../apply/observations.ts';
import type { Probe } from '../contract/probe.ts';
import type { Observation } from '../plan/model.ts';
import { recordProbe } from './observe.ts';
import { rootReader } from './root-reader.ts';

let folder: string;
let root: string;
let probe: Probe;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'livesys-probe-'));
  root = join(folder, 'root');
  mkdirSync(join(root, 'usr/lib/modules/6.1'), { recursive: true });
  mkdirSync(join(root, 'etc'));
  writeFileSync(join(folder, 'outside'), 'outside');
  writeFileSync(join(root, 'usr/lib/os-release'), 'ID=test\n');
  for (const name of ['b', 'a', 'c']) writeFileSync(join(root, 'etc', name), name);
  symlinkSync('usr/lib', join(root, 'lib'));
  symlinkSync('../usr/lib/os-release', join(root, 'etc/os-release'));
  symlinkSync('/etc/a', join(root, 'etc/absolute'));
  symlinkSync('../../../../../../outside', join(root, 'etc/relative-out'));
  symlinkSync(join(folder, 'outside'), join(root, 'etc/absolute-out'));
  symlinkSync('circle', join(root, 'etc/circle'));
  symlinkSync('nowhere', join(root, 'etc/broken'));
  writeFileSync(join(root, 'big'), '');
  truncateSync(join(root, 'big'), 16 * 1024 * 1024 + 1);
  probe = rootReader(root);
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('readText', () => {
  it('follows links inside the root', () => {
    expect(probe.readText('/etc/os-release')).toBe('ID=test\n');
    expect(probe.readText('/lib/os-release')).toBe('ID=test\n');
    expect(probe.readText('/etc/absolute')).toBe('a');
  });

  it.each(['/etc/relative-out', '/etc/absolute-out', '/../outside', '/etc/../../outside'])(
    'never reads outside of it: %s',
    (path) => {
      expect(probe.readText(path)).toBeUndefined();
    },
  );

  it.each(['/etc', '/none', '/etc/circle', '/etc/broken', '/etc/a/b', '/big'])(
    'gives nothing for what is no small file: %s',
    (path) => {
      expect(probe.readText(path)).toBeUndefined();
    },
  );
});

it('lists names sorted, and nothing for what is no folder', () => {
  expect(probe.list('/etc').slice(0, 3)).toEqual(['a', 'absolute', 'absolute-out']);
  expect(probe.list('/lib/modules')).toEqual(['6.1']);
  expect(probe.list('/etc/a')).toEqual([]);
  expect(probe.list('/none')).toEqual([]);
});

it('tells what lies at a path without following its last link', () => {
  expect(probe.stat('/etc/absolute')?.kind).toBe('symlink');
  expect(probe.stat('/lib/os-release')).toMatchObject({ kind: 'file', size: 8 });
  expect(probe.stat('/usr')?.kind).toBe('directory');
  expect(probe.stat('/none')).toBeUndefined();
});

it('tells where a path ends', () => {
  expect(probe.realPath('/lib/os-release')).toBe('/usr/lib/os-release');
  expect(probe.realPath('/')).toBe('/');
  expect(probe.realPath('/etc/broken')).toBeUndefined();
  expect(probe.realPath('/etc/circle')).toBeUndefined();
});

it('property: a path that leads anywhere leads into the root', () => {
  const part = fc.constantFrom(
    'etc',
    'usr',
    'lib',
    '..',
    '.',
    'absolute-out',
    'relative-out',
    'os-release',
    'modules',
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
      const found = probe.realPath(`/${parts.join('/')}`) ?? '/';
      expect(found).toMatch(/^\/(big|etc|lib|usr)?(\/|$)/);
      expect(probe.readText(`/${parts.join('/')}`)).not.toBe('outside');
    }),
  );
});

describe('observations', () => {
  const observed = (): readonly Observation[] => {
    const recording = recordProbe(probe);
    recording.probe.readText('/etc/os-release');
    recording.probe.readText('/etc/os-release');
    recording.probe.list('/etc');
    recording.probe.stat('/etc/absolute');
    recording.probe.realPath('/lib/os-release');
    recording.probe.readText('/etc/later');
    return recording.observations();
  };

  it('remember each thing once', () => {
    expect(observed().map((seen) => `${seen.kind} ${seen.path}`)).toEqual([
      'text /etc/os-release',
      'list /etc',
      'stat /etc/absolute',
      'realPath /lib/os-release',
      'text /etc/later',
    ]);
  });

  it('hold while nothing changed, and name what did', () => {
    const seen = observed();
    expect(() => checkObservations(seen, root)).not.toThrow();
    writeFileSync(join(root, 'etc/later'), '');
    const check = (): void => checkObservations(seen, root);
    expect(check).toThrow(
      expect.objectContaining({
        code: 'LIVESYS_PLAN_STALE',
        exitCode: 6,
        details: ['/etc', '/etc/later'],
      }),
    );
  });
});
