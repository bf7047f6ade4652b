import { memoryProbe } from '@livesys/plugin-testkit';
import { expect, it } from 'vitest';
import { findMirrors } from './mirrors.ts';
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
