import { memoryProbe } from '@livesys/plugin-testkit';
import { expect, it } from 'vitest';
import { readPacmanConf } from './pacman-conf.ts';

// What pacman itself makes of such files is compared in test/namespace/pacman-conf.test.ts.

const read = (files: Record<string, string>) =>
  readPacmanConf(memoryProbe({ files }), '/etc/pacman.conf');

const problems = (text: string) => read({ '/etc/pacman.conf': text }).problems;

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
  expect(conf).toMatchObject({
    architectures: ['x86_64', 'x86_64_v3'],
    signatures: ['Required', 'DatabaseOptional'],
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
    problems: [],
  });
});

it('reads what a repository is used for, what it checks, and its caches', () => {
  const text = `[mine]
Usage = Sync
Usage = Install
SigLevel = Optional TrustAll
CacheServer = http://cache.example.org/$repo
Server = file:///srv/$repo
usage = All
DownloadUser = alpm
`;
  expect(read({ '/etc/pacman.conf': text }).repositories).toEqual([
    {
      name: 'mine',
      servers: ['file:///srv/$repo'],
      cacheServers: ['http://cache.example.org/$repo'],
      usage: ['Sync', 'Install'],
      signatures: ['Optional', 'TrustAll'],
    },
  ]);
});

it('expands patterns in folders, too, where a file may open the next repository', () => {
  const conf = read({
    '/etc/pacman.conf': '[first]\nInclude = /etc/pacman.[a-d]/?.con[!g]\nServer = file:///after\n',
    '/etc/pacman.d/a.conf': 'Server = file:///a\n[a]\n',
    '/etc/pacman.d/b.conf': 'Server = file:///b\n[b]\n',
    '/etc/pacman.d/b.conf.pacnew': '[c]\n',
    '/etc/pacman.d/.d.conf': '[d]\n',
    '/etc/pacman.x/e.conf': '[e]\n',
  });
  expect(conf.repositories).toEqual([
    { name: 'first', servers: ['file:///a'] },
    { name: 'a', servers: ['file:///b'] },
    { name: 'b', servers: ['file:///after'] },
  ]);
});

it.each([
  ['a file that is not there', '[a]\nInclude = /none\n', /conf:2 {2}\/none cannot be read/],
  ['a pattern without files', '[a]\nInclude = /no*\n', /\/no\* cannot be read/],
  ['a relative path', '[a]\nInclude = no\n', /Include without an absolute path/],
  ['itself', 'Include = /etc/pacman.conf\n', /include each other/],
  ['a repository twice', '[a]\n[options]\n[a]\n', /conf:3 {2}a second repository \[a\]/],
  ['nothing to belong to', 'Server = file:///a\n', /Server before any section/],
  ['no value', '[a]\nServer\n', /Server without a value/],
  ['an unknown use', '[a]\nUsage = Sync Sink\n', /Usage has no Sink/],
  ['an unknown check', '[options]\nSigLevel = Perhaps\n', /SigLevel has no Perhaps/],
])('tells what pacman would not take: %s', (_, text, problem) => {
  expect(problems(text).join('\n')).toMatch(problem);
});

it('knows no repository where there is no file', () => {
  const none = { repositories: [], architectures: [], signatures: [], problems: [] };
  expect(read({})).toMatchObject(none);
});
