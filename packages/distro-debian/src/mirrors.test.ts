import { expect, it } from 'vitest';
import type { Probe } from '@livesys/core/plugin';
import { isDebian, rewriteSuite, sourceLines } from './mirrors.ts';
import { resolveOptions } from './options.ts';

const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

function builder(files: Record<string, string>): Probe {
  return {
    readText: (path) => files[path],
    list: (folder) =>
      Object.keys(files).flatMap((path) =>
        path.startsWith(`${folder}/`) ? [path.slice(folder.length + 1)] : [],
      ),
    stat: (path) =>
      files[path] === undefined ? undefined : { kind: 'file', size: 1, modified: 0 },
    realPath: (path) => path,
  };
}

const BOOKWORM = builder({
  [KEYRING]: '',
  '/etc/apt/sources.list.d/debian.sources': `Types: deb
URIs: http://mirror.example/debian
Suites: bookworm bookworm-updates bookworm-backports
Components: main contrib
Signed-By: ${KEYRING}

Types: deb
URIs: http://mirror.example/debian-security
Suites: bookworm-security
Components: main contrib
`,
  '/etc/apt/sources.list.d/other.list':
    'deb [signed-by=/usr/share/keyrings/other.gpg] http://other.example/debian bookworm main\n',
});

it("rewrites the builder's entries for Debian to the wanted release", () => {
  expect(sourceLines(resolveOptions({ release: 'trixie' }), BOOKWORM)).toEqual([
    `deb [signed-by=${KEYRING}] http://mirror.example/debian trixie main contrib`,
    `deb [signed-by=${KEYRING}] http://mirror.example/debian trixie-updates main contrib`,
    `deb [signed-by=${KEYRING}] http://mirror.example/debian-security trixie-security main contrib`,
  ]);
});

it('knows that sid has no updates and no security suite', () => {
  expect(sourceLines(resolveOptions({ release: 'sid', components: ['main'] }), BOOKWORM)).toEqual([
    `deb [signed-by=${KEYRING}] http://mirror.example/debian sid main`,
  ]);
  expect(rewriteSuite('buster/updates', 'bookworm')).toBe('bookworm-security');
  expect(rewriteSuite('nodistro', 'bookworm')).toBeUndefined();
});

it('prefers the given mirror, and leaves the choice to mmdebstrap where nothing is known', () => {
  const options = resolveOptions({ release: 'bookworm', mirror: 'https://near.example/debian' });
  expect(sourceLines(options, builder({}))).toEqual([
    'deb https://near.example/debian bookworm main',
    'deb https://near.example/debian bookworm-updates main',
  ]);
  expect(sourceLines(resolveOptions(), builder({}))).toEqual([]);
});

it("does not take other repositories with Debian's suite names for Debian", () => {
  const source = { suites: ['bookworm'], components: ['main'] };
  expect(isDebian({ ...source, uris: ['http://other.example/debian-reef'] })).toBe(false);
  expect(isDebian({ ...source, uris: ['http://a.example/debian'], components: ['stable'] })).toBe(
    false,
  );
  expect(isDebian({ ...source, uris: ['http://a.example/debian/'] })).toBe(true);
});

it.each(['me:word@', 'me:wo@rd@', 'me:wo/rd@'])(
  'refuses a mirror whose password would be readable in the plan, and does not tell it: %s',
  (user) => {
    const mirror = `https://${user}near.example.org/debian`;
    expect(() => sourceLines(resolveOptions({ mirror }), builder({}))).toThrow(
      /^the mirror https:\/\/…@near\.example\.org\/\S* holds a user name or password/,
    );
  },
);
