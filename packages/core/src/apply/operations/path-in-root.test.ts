import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, posix } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { followedInRoot, pathInRoot } from './path-in-root.ts';

let folder: string;
let root: string;
beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'livesys-path-')));
  root = join(folder, 'root');
  mkdirSync(join(root, 'usr/bin'), { recursive: true });
  writeFileSync(join(root, 'usr/bin/sh'), '');
  symlinkSync('usr/bin', join(root, 'bin'));
  symlinkSync('/usr', join(root, 'absolute'));
  symlinkSync('../../../..', join(root, 'usr/out'));
  symlinkSync('loop', join(root, 'loop'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('follows links as the root would', () => {
  it.each([
    ['/bin/sh', '/usr/bin/sh'],
    ['/absolute/bin/sh', '/usr/bin/sh'],
    ['/usr/out/bin/new', '/usr/bin/new'],
    ['/no/such/folder', '/no/such/folder'],
    ['/bin/../lib', '/lib'],
    ['/', '/'],
  ])('%s is %s', async (path, expected) => {
    expect(await followedInRoot(root, path)).toBe(posix.join(root, expected).replace(/\/$/, ''));
  });
});

it('leaves the last part as it is, so that a link can be replaced', async () => {
  expect(await pathInRoot(root, '/bin')).toBe(join(root, 'bin'));
  expect(await pathInRoot(root, '/absolute/bin')).toBe(join(root, 'usr/bin'));
});

it.each(['/usr/..', '/usr/../..', '/..', '/usr/bin/../../..', '/.', '/usr/.'])(
  '%s does not lead out',
  async (path) => {
    const found = await pathInRoot(root, path);
    expect([root, join(root, 'usr')]).toContain(found.replace(/\/$/, ''));
  },
);

it('links that turn in a circle are an error', async () => {
  await expect(followedInRoot(root, '/loop/x')).rejects.toThrow('too many symbolic links');
});

it('property: never leaves the root, whatever links it holds and whatever is asked for', async () => {
  const name = fc.constantFrom('a', 'b', 'c', '..', '.');
  const target = fc
    .tuple(fc.boolean(), fc.array(name, { minLength: 1, maxLength: 6 }))
    .map(([absolute, parts]) => (absolute ? '/' : '') + parts.join('/'));
  const links = fc.array(
    fc.tuple(fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 3 }), target),
    { maxLength: 8 },
  );
  const asked = fc.array(name, { maxLength: 6 }).map((parts) => `/${parts.join('/')}`);
  let count = 0;
  await fc.assert(
    fc.asyncProperty(links, asked, async (drawn, path) => {
      const own = join(folder, `drawn-${(count += 1)}`, 'deep/root');
      mkdirSync(own, { recursive: true });
      for (const [at, to] of drawn) {
        try {
          mkdirSync(join(own, ...at.slice(0, -1)), { recursive: true });
          symlinkSync(to, join(own, ...at));
        } catch {
          // A link of an earlier draw is in the way, or the way leads out by a real link.
        }
      }
      for (const find of [pathInRoot, followedInRoot]) {
        const found = await find(own, path).catch((error: unknown) => {
          if (String(error).includes('too many symbolic links')) return own;
          throw error;
        });
        expect(`${found}/`.startsWith(`${own}/`), `${path} became ${found}`).toBe(true);
      }
    }),
    { numRuns: 200 },
  );
});
