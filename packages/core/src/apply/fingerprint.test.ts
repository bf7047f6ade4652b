import {
  chmodSync,
  cpSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NOTHING, type Scan } from '../plan/keys.ts';
import { fingerprint } from './fingerprint.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'livesys-fingerprint-'));
  mkdirSync(join(folder, 'etc'));
  mkdirSync(join(folder, 'var/log/inner'), { recursive: true });
  for (const name of ['etc/passwd', 'etc/fstab', 'var/log/syslog', 'var/log/.hidden'])
    writeFileSync(join(folder, name), name);
  symlinkSync('passwd', join(folder, 'etc/link'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const WHOLE = { leaveOut: NOTHING, volatile: [] };
const look = async (scan: Partial<Scan> = {}) =>
  fingerprint({ path: folder, ...WHOLE, ...scan }, { rootless: false });
const print = async (scan: Partial<Scan> = {}): Promise<string> => (await look(scan)).sha256;

it('counts bytes and files', async () => {
  expect((await look()).sizes).toMatchObject({ bytes: 10 + 9 + 14 + 15, files: 10 });
});

it('counts neither holes nor further names of a file', async () => {
  writeFileSync(join(folder, 'disk.img'), Buffer.alloc(4096, 1));
  truncateSync(join(folder, 'disk.img'), 2 ** 40);
  linkSync(join(folder, 'disk.img'), join(folder, 'etc/same.img'));
  const { bytes } = (await look()).sizes;
  expect(bytes).toBeGreaterThanOrEqual(4096);
  expect(bytes).toBeLessThan(3 * 4096);
});

describe('every change that a build could notice is one', () => {
  it.each<[string, (at: (name: string) => string) => void]>([
    ['other content of the same size', (at) => writeFileSync(at('etc/passwd'), 'etc/qasswd')],
    ['a touched file', (at) => utimesSync(at('etc/passwd'), 1, 1)],
    ['another mode', (at) => chmodSync(at('etc/passwd'), 0o600)],
    ['a new file', (at) => writeFileSync(at('etc/new'), '')],
    ['a missing file', (at) => unlinkSync(at('etc/passwd'))],
    ['another name', (at) => renameSync(at('etc/passwd'), at('etc/other'))],
    [
      'another link target',
      (at) => (unlinkSync(at('etc/link')), symlinkSync('fstab', at('etc/link'))),
    ],
    [
      'a file that became a folder',
      (at) => (unlinkSync(at('etc/passwd')), mkdirSync(at('etc/passwd'))),
    ],
    [
      'two files that changed places',
      (at) => (
        renameSync(at('etc/passwd'), at('x')),
        renameSync(at('etc/fstab'), at('etc/passwd')),
        renameSync(at('x'), at('etc/fstab'))
      ),
    ],
  ])('%s', async (_, change) => {
    const before = await print();
    change((name) => join(folder, name));
    expect(await print()).not.toBe(before);
  });
});

it('nothing changed, nothing is new', async () => {
  expect(await print()).toBe(await print());
});

describe('what is excluded does not matter', () => {
  const scan = { ...WHOLE, leaveOut: { ...NOTHING, excludes: ['/var/log/*'] } };

  it.each<[string, () => void]>([
    ['a changed file', () => writeFileSync(join(folder, 'var/log/syslog'), 'longer than before')],
    ['a new file in the folder that is kept', () => writeFileSync(join(folder, 'var/log/new'), '')],
    ['a hidden one', () => unlinkSync(join(folder, 'var/log/.hidden'))],
    ['a file further down', () => writeFileSync(join(folder, 'var/log/inner/new'), '')],
  ])('%s', async (_, change) => {
    const before = await print(scan);
    change();
    expect(await print(scan)).toBe(before);
  });

  it('but the kept folder itself does', async () => {
    const before = await print(scan);
    chmodSync(join(folder, 'var/log'), 0o700);
    expect(await print(scan)).not.toBe(before);
  });

  it('a pattern in the path of the source itself is none', async () => {
    const strange = join(folder, 'a[b]*?');
    cpSync(join(folder, 'var'), join(strange, 'var'), { recursive: true });
    const before = await fingerprint({ path: strange, ...scan }, { rootless: false });
    writeFileSync(join(strange, 'var/log/syslog'), 'longer than before');
    expect(await fingerprint({ path: strange, ...scan }, { rootless: false })).toEqual(before);
  });
});

describe('narrowed to paths', () => {
  it('only they matter', async () => {
    const before = await print({ paths: ['/etc'] });
    writeFileSync(join(folder, 'var/log/syslog'), 'longer than before');
    expect(await print({ paths: ['/etc'] })).toBe(before);
    writeFileSync(join(folder, 'etc/passwd'), 'longer than before');
    expect(await print({ paths: ['/etc'] })).not.toBe(before);
  });

  it('with no path left nothing is looked at, least of all the working directory', async () => {
    expect(await look({ paths: [] })).toMatchObject({ sizes: { bytes: 0, files: 0 } });
  });
});

it('property: does not depend on the order in which a folder gives its names', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.stringMatching(/^[a-z\n *]{1,12}$/), { minLength: 2, maxLength: 20 }),
      async (names) => {
        const own = mkdtempSync(join(folder, 'order-'));
        for (const name of names) writeFileSync(join(own, name), name);
        const scan = { ...WHOLE, paths: readdirSync(own).map((name) => `/${name}`) };
        const one = await fingerprint({ path: own, ...scan }, { rootless: false });
        const other = await fingerprint(
          { path: own, ...scan, paths: scan.paths.toReversed() },
          { rootless: false },
        );
        expect(other).toEqual(one);
        expect(one.sizes.files).toBe(names.length);
      },
    ),
    { numRuns: 15 },
  );
});
