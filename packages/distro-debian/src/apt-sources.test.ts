import { expect, it } from 'vitest';
import { parseDeb822, parseOneLine } from './apt-sources.ts';

it('reads one-line entries with options and comments', () => {
  const text = `# deb http://a.example/debian old main
deb [arch=amd64 signed-by=/usr/share/keyrings/x.gpg] http://a.example/debian bookworm main contrib # why
deb-src http://a.example/debian bookworm main
 deb http://b.example/flat ./
`;
  expect(parseOneLine(text)).toEqual([
    {
      uris: ['http://a.example/debian'],
      suites: ['bookworm'],
      components: ['main', 'contrib'],
      signedBy: '/usr/share/keyrings/x.gpg',
    },
    { uris: ['http://b.example/flat'], suites: ['./'], components: [] },
  ]);
});

it('reads stanzas, their continuation lines and Enabled', () => {
  const text = `Types: deb deb-src
# a comment inside
URIs: http://a.example/debian
Suites: bookworm
 bookworm-updates
Components: main
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 abc

Types: deb
URIs: http://b.example/debian
Suites: sid
Components: main
Enabled: no

Types: deb-src
URIs: http://c.example/debian
Suites: sid
Components: main
`;
  expect(parseDeb822(text)).toEqual([
    {
      uris: ['http://a.example/debian'],
      suites: ['bookworm', 'bookworm-updates'],
      components: ['main'],
    },
  ]);
});
