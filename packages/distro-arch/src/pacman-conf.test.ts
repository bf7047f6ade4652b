import { memoryProbe } from '@livesys/plugin-testkit';
import { expect, it } from 'vitest';
import { readPacmanConf } from './pacman-conf.ts';

const read = (files: Record<string, string>) =>
  readPacmanConf(memoryProbe({ files }), '/etc/pacman.conf');

it('reads repositories in their order, with the servers of included files', () => {
  const conf = read({
    '/etc/pacman.conf': `# a comment
[options]
Architecture = x86_64 x86_64_v3
SigLevel    = Required DatabaseOptional

[cachyos-v3]
Include = /etc/pacman.d/cachyos-v3-mirrorlist
#[core-testing]
#Include = /etc/pacman.d/mirrorlist
[core]
Server = https://near.example.org/$repo/os/$arch
Include = /etc/pacman.d/mirrorlist
`,
    '/etc/pacman.d/mirrorlist':
      '## Worldwide\nServer = https://far.example.org/$repo/os/$arch\n#Server = https://off.example.org/\n',
    '/etc/pacman.d/cachyos-v3-mirrorlist': 'Server=https://v3.example.org/$arch/$repo\n',
  });
  expect(conf).toEqual({
    architectures: ['x86_64', 'x86_64_v3'],
    repositories: [
      { name: 'cachyos-v3', servers: ['https://v3.example.org/$arch/$repo'] },
      {
        name: 'core',
        servers: [
          'https://near.example.org/$repo/os/$arch',
          'https://far.example.org/$repo/os/$arch',
        ],
      },
    ],
  });
});

it('expands patterns, and ends where files include each other', () => {
  const conf = read({
    '/etc/pacman.conf': 'Include = /etc/pacman.d/*.conf\n',
    '/etc/pacman.d/a.conf': '[a]\nServer = file:///a\nInclude = /etc/pacman.conf\n',
    '/etc/pacman.d/b.conf': '[b]\nServer = file:///b\n',
    '/etc/pacman.d/b.conf.pacnew': '[c]\nServer = file:///c\n',
  });
  expect(conf.repositories.map(({ name }) => name)).toEqual(['a', 'b']);
});

it('knows no repository where there is no file, and no architecture in "auto"', () => {
  expect(read({})).toEqual({ repositories: [], architectures: [] });
  expect(read({ '/etc/pacman.conf': '[options]\nArchitecture = auto\n' }).architectures).toEqual(
    [],
  );
});
