import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Probe } from '../contract/probe.ts';
import { parseOsRelease, readOsRelease } from './os-release.ts';

const DEBIAN = `PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"
NAME="Debian GNU/Linux"
VERSION_ID="12"
VERSION="12 (bookworm)"
VERSION_CODENAME=bookworm
ID=debian
HOME_URL="https://www.debian.org/"
`;

it('reads what a distribution says of itself', () => {
  expect(parseOsRelease(DEBIAN)).toEqual({
    id: 'debian',
    idLike: [],
    name: 'Debian GNU/Linux',
    prettyName: 'Debian GNU/Linux 12 (bookworm)',
    versionId: '12',
    versionCodename: 'bookworm',
  });
});

it('takes the defaults of the specification for what is left out', () => {
  expect(parseOsRelease('')).toEqual({
    id: 'linux',
    idLike: [],
    name: 'Linux',
    prettyName: 'Linux',
  });
  expect(parseOsRelease('NAME=Arch').prettyName).toBe('Arch');
});

it.each([
  ["ID='mint'", 'mint'],
  [String.raw`ID="a\"b\$c\\d"`, String.raw`a"b$c\d`],
  ['  ID=trimmed  ', 'trimmed'],
  ['#ID=comment\nID=real', 'real'],
  ['ID=first\nID=last', 'last'],
  ['ID=x\r', 'x'],
])('unquotes %j', (text, id) => {
  expect(parseOsRelease(text).id).toBe(id);
});

it('splits ID_LIKE at spaces', () => {
  expect(parseOsRelease('ID_LIKE="ubuntu  debian"').idLike).toEqual(['ubuntu', 'debian']);
});

it('property: a quoted value is read as it was meant', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[^\n\r]*$/), (value) => {
      const quoted = `"${value.replaceAll(/[$"'\\`]/g, String.raw`\$&`)}"`;
      expect(parseOsRelease(`PRETTY_NAME=${quoted}`).prettyName).toBe(value);
    }),
  );
});

it('prefers /etc/os-release, and knows a root without any', () => {
  const probe = (files: Record<string, string>) =>
    ({ readText: (path: string) => files[path] }) as unknown as Probe;
  expect(
    readOsRelease(probe({ '/etc/os-release': 'ID=a', '/usr/lib/os-release': 'ID=b' }))?.id,
  ).toBe('a');
  expect(readOsRelease(probe({ '/usr/lib/os-release': 'ID=b' }))?.id).toBe('b');
  expect(readOsRelease(probe({}))).toBeUndefined();
});
