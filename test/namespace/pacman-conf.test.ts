import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { rootReader } from '@livesys/core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readPacmanConf } from '../../packages/distro-arch/src/pacman-conf.ts';
import { run } from './support/run.ts';
import { makeWorkspace, type Workspace } from './support/workspace.ts';

// What we read of a pacman.conf, against what the real pacman reads of it.

let workspace: Workspace;
beforeAll(() => {
  workspace = makeWorkspace();
});
afterAll(() => workspace?.remove());

function lay(name: string, files: Readonly<Record<string, string>>): string {
  const folder = workspace.make(name);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text.replaceAll('@', folder));
  }
  return join(folder, 'pacman.conf');
}

const pacmanConf = (file: string, ...argv: string[]): readonly string[] =>
  run('pacman-conf', '--config', file, ...argv)
    .split('\n')
    .filter(Boolean);

const FILES = {
  'pacman.conf': `# a comment
[options]
Architecture = x86_64_v3 x86_64
  Architecture=x86_64
SigLevel   =  Required   DatabaseOptional
SigLevel = PackageTrustAll
LocalFileSigLevel = Optional
IgnorePkg = a b
DownloadUser = alpm
DisableSandbox
Nothing = known
server = http://none.example.org

[core]\r
  Server = http://a.example.org/$repo/$arch  \r
Server=http://b.example.org/x=y # no comment
server = http://none.example.org
# Server = http://off.example.org
Usage = Sync Search
Include = @/mirrors/*.list
[ spaces ]
Include = @/mir?ors/[!n]?[]d-f].list
[nested]
Include = @/nest/[a]*
[last]
Usage = Sync
Usage = Install Upgrade
SigLevel = Never
Server =
SigLevel = PackageOptional
[options]
SigLevel = DatabaseRequired
`,
  'mirrors/one.list': 'Server = http://one.example.org/$repo\n',
  'mirrors/two.list': '  # two\nServer = http://two.example.org/$arch\n',
  'mirrors/.hidden.list': 'Server = http://hidden.example.org\n',
  'mirrors/other.list.pacnew': 'Server = http://new.example.org\n',
  'nest/a': 'Server = http://first.example.org\nInclude = @/nest/b*',
  'nest/ab': 'Server = http://third.example.org\n[opened]\n',
  'nest/b[]x': 'Server = http://second.example.org\n',
};

it('has the repositories, servers and uses that pacman has', () => {
  const file = lay('all', FILES);
  const conf = readPacmanConf(rootReader('/'), file);
  expect(conf.problems).toEqual([]);
  expect(conf.repositories.map(({ name }) => name)).toEqual(pacmanConf(file, '--repo-list'));
  expect(conf.repositories).toHaveLength(5);
  expect(conf.architectures).toEqual(pacmanConf(file, 'Architecture'));
  const [first = ''] = conf.architectures;
  for (const { name, servers, usage = ['All'] } of conf.repositories) {
    const filled = servers.map((one) => one.replaceAll('$repo', name).replaceAll('$arch', first));
    expect(filled).toEqual(pacmanConf(file, '--repo', name, 'Server'));
    expect(usage).toEqual(pacmanConf(file, '--repo', name, 'Usage'));
  }
});

it('has checks of signatures that mean to pacman what the file means', () => {
  const file = lay('checks', FILES);
  const { signatures, repositories } = readPacmanConf(rootReader('/'), file);
  const level = (words: readonly string[] = []) => words.map((word) => `SigLevel = ${word}\n`);
  const sections = repositories.map((one) => [`[${one.name}]\n`, ...level(one.signatures)]);
  const text = ['[options]\n', ...level(signatures), ...sections.flat()].join('');
  const again = lay('again', { 'pacman.conf': text });
  expect(pacmanConf(file, 'SigLevel')).toContain('DatabaseRequired');
  for (const argv of [[], ...repositories.map((one) => ['--repo', one.name])])
    expect(pacmanConf(again, ...argv, 'SigLevel')).toEqual(pacmanConf(file, ...argv, 'SigLevel'));
});

it.each<[string, string]>([
  ['included that is not there', '[a]\nInclude = @/none\n'],
  ['a pattern that matches nothing', '[a]\nInclude = @/*.none\n'],
  ['an Include without a value', '[a]\nInclude\n'],
  ['a file that includes itself', 'Include = @/pacman.conf\n'],
  ['a line before any section', 'Server = file:///a\n'],
  ['a Server without a value', '[a]\nServer\n'],
  ['an unknown use', '[a]\nUsage = Sync Sink\n'],
  ['a tab between words', '[options]\nSigLevel = Required\tTrustAll\n'],
  ['an unknown check', '[options]\nSigLevel = Perhaps\n'],
])('finds a problem where pacman does: %s', (name, text) => {
  const file = lay(name.replaceAll(' ', '-'), { 'pacman.conf': text });
  expect(() => pacmanConf(file)).toThrow(/error parsing/);
  expect(readPacmanConf(rootReader('/'), file).problems).not.toEqual([]);
});
