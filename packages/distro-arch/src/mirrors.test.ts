import { memoryProbe } from '@livesys/plugin-testkit';
import { expect, it } from 'vitest';
import { findMirrors, installable } from './mirrors.ts';
import { resolveOptions, type ArchUserOptions } from './options.ts';

const ARCH_BUILDER = {
  '/etc/pacman.conf':
    '[options]\nArchitecture = auto\n[core]\nInclude = /etc/pacman.d/mirrorlist\n[extra]\nInclude = /etc/pacman.d/mirrorlist\n[empty]\n',
  '/etc/pacman.d/mirrorlist': 'Server = https://near.example.org/$repo/os/$arch\n',
};

const servers = (options: ArchUserOptions, files: Record<string, string> = {}) =>
  findMirrors(resolveOptions(options), memoryProbe({ files }), 'x86_64').repositories.map(
    ({ name, servers }) => `${name} ${servers.join(' ')}`,
  );

it("takes the builder's repositories that have a server, all or the named ones", () => {
  const near = 'https://near.example.org/$repo/os/$arch';
  expect(servers({}, ARCH_BUILDER)).toEqual([`core ${near}`, `extra ${near}`]);
  expect(servers({ repositories: ['extra'] }, ARCH_BUILDER)).toEqual([`extra ${near}`]);
  expect(() => servers({ repositories: ['multilib'] }, ARCH_BUILDER)).toThrow(/"multilib"/);
});

it('reads another pacman.conf where one is given', () => {
  const files = { '/srv/pacman.conf': '[core]\nServer = file:///srv/mirror\n' };
  expect(servers({ pacmanConf: '/srv/pacman.conf' }, files)).toEqual(['core file:///srv/mirror']);
});

it('prefers a given mirror, whose folder or full form is named', () => {
  const full = 'https://a.example.org/$arch/$repo';
  expect(servers({ mirror: 'https://a.example.org/arch/' }, ARCH_BUILDER)).toEqual([
    'core https://a.example.org/arch/$repo/os/$arch',
    'extra https://a.example.org/arch/$repo/os/$arch',
  ]);
  expect(servers({ mirror: full, repositories: ['core'] })).toEqual([`core ${full}`]);
});

it('takes a day from an archive that is named', () => {
  expect(servers({ release: '2024-11-01', mirror: 'http://b.example.org' })[0]).toBe(
    'core http://b.example.org/repos/2024/11/01/$repo/os/$arch',
  );
  expect(() => servers({ release: '2024-11-01' }, ARCH_BUILDER)).toThrow(/day of an archive/);
});

it('asks for a mirror on a builder that knows none', () => {
  expect(() => servers({})).toThrow(/\/etc\/pacman\.conf names no mirror/);
});

it.each(['me:word@', 'me:wo@rd@', 'me:wo/rd@'])(
  'refuses a mirror whose password would be readable in the plan, and does not tell it: %s',
  (user) => {
    const mirror = `https://${user}near.example.org/arch`;
    expect(() => servers({ mirror })).toThrow(
      /^the mirror https:\/\/…@near\.example\.org\/\S* holds a user name or password/,
    );
  },
);

const found = (text: string, options: ArchUserOptions = {}) =>
  findMirrors(
    resolveOptions(options),
    memoryProbe({ files: { '/etc/pacman.conf': text } }),
    'x86_64',
  );

it('installs from what is refreshed and installed from, and keeps the others for the new root', () => {
  const text = `[core]
Server = file:///core
[testing]
Usage = Sync Search Upgrade
Server = file:///testing
[frozen]
Usage = Install
Server = file:///frozen
[mine]
Usage = Sync Install
Server = file:///mine
`;
  const names = (options?: ArchUserOptions) =>
    installable(found(text, options).repositories).map(({ name }) => name);
  expect(names()).toEqual(['core', 'mine']);
  expect(found(text).repositories.map(({ name }) => name)).toContain('testing');
  expect(names({ repositories: ['testing'] })).toEqual(['testing']);
  expect(() => found('[a]\nUsage = Search\nServer = file:///a\n')).toThrow(/names no mirror/);
});

it('takes the architecture of the build for "auto", in its place', () => {
  const of = (words: string) =>
    found(`[options]\nArchitecture = ${words}\n[a]\nServer = file:///a\n`).architectures;
  expect(of('auto x86_64_v3')).toEqual(['x86_64', 'x86_64_v3']);
  expect(of('x86_64_v3 auto')).toEqual(['x86_64_v3', 'x86_64']);
  expect(found('[a]\nServer = file:///a\n').architectures).toEqual(['x86_64']);
});

it('refuses a pacman.conf that pacman would not take, unless a mirror is named', () => {
  const text = '[core]\nInclude = /etc/pacman.d/mirrorlist\n';
  expect(() => found(text)).toThrow(
    expect.objectContaining({
      message: 'pacman would not take /etc/pacman.conf',
      details: ['/etc/pacman.conf:2  /etc/pacman.d/mirrorlist cannot be read'],
    }),
  );
  expect(found(text, { mirror: 'file:///srv' }).repositories).toHaveLength(2);
});

it('refuses the password of a cache, too', () => {
  const text = '[a]\nServer = file:///a\nCacheServer = http://me:word@near.example.org\n';
  expect(() => found(text)).toThrow(/user name or password/);
});
