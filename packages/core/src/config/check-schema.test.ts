import { expect, test } from 'vitest';
import { secret } from '../contract/secret.ts';
import { checkSchema } from './check-schema.ts';
import { keyPath } from './problem.ts';

function problems(raw: unknown): readonly string[] {
  const checked = checkSchema(raw);
  return checked.kind === 'valid'
    ? []
    : checked.problems.map(({ path, text }) => `${keyPath(path)}: ${text}`);
}

test('an empty config is valid and gets every default', () => {
  expect(checkSchema({})).toEqual({
    kind: 'valid',
    config: {
      source: 'host',
      outputs: ['iso'],
      plugins: [],
      layers: {},
      profiles: {},
      compression: 'balanced',
      format: 'squashfs',
      hostname: 'live',
      user: { name: 'live', password: 'none', autologin: true, sudo: true },
      packages: [],
      kernelArguments: [],
      excludes: [],
      include: [],
      identity: 'reset',
      hardware: 'general',
      packageNames: {},
    },
  });
});

test.each<[string, unknown, string]>([
  ['an unknown key', { layer: {} }, 'layer: there is no such key; did you mean "layers"?'],
  [
    'an unknown key far from all',
    { layers: { a: { zzzzzz: 1 } } },
    'layers.a.zzzzzz: there is no such key; there are on, packages, files, commands',
  ],
  ['another type', { title: 5 }, 'title: must be text, not a number'],
  ['a list for an object', { layers: [] }, 'layers: must be an object, not a list'],
  [
    'an unknown algorithm',
    { compression: { algorithm: 'zip' } },
    'compression.algorithm: "zip" is not one of zstd, xz, gzip, lz4, lz4hc, lzo',
  ],
  [
    'an unknown key of compression',
    { compression: { algorithm: 'xz', blok: 4096 } },
    'compression.blok: there is no such key; did you mean "block"?',
  ],
  [
    'an unknown goal',
    { compression: 'smal' },
    'compression: must be "fast", "balanced", "small", "none", or an object with algorithm, level and block',
  ],
  [
    'a missing algorithm',
    { compression: { level: 3 } },
    'compression.algorithm: is missing; it is one of zstd, xz, gzip, lz4, lz4hc, lzo',
  ],
  [
    'a level that is too high',
    { compression: { algorithm: 'zstd', level: 40 } },
    'compression.level: zstd has levels 1 to 22',
  ],
  [
    'a level where there are none',
    { compression: { algorithm: 'xz', level: 6 } },
    'compression.level: xz has no levels here; leave it out',
  ],
  [
    'an odd block',
    { compression: { algorithm: 'xz', block: '3K' } },
    'compression.block: must be a power of two from 4K to 1M, such as 131072 or "256K"',
  ],
  ['another format', { format: 'ext4' }, 'format: "ext4" is not one of squashfs, erofs'],
  [
    'true for on',
    { profiles: { a: { persistence: true } } },
    'profiles.a.persistence: true is not one of on, off, required',
  ],
  [
    'a reserved layer name',
    { layers: { base: { packages: ['a'] } } },
    'layers.base: this name is reserved for livesys; choose another',
  ],
  [
    'a layer named like the tree of tools',
    { layers: { tools: { packages: ['a'] } } },
    'layers.tools: this name is reserved for livesys; choose another',
  ],
  [
    'a layer name that is no file name',
    { layers: { 'a/b': { packages: ['a'] } } },
    'layers["a/b"]: a name has 1 to 64 characters, each of them a letter, a digit, ".", "_" or "-"',
  ],
  [
    'a command as text',
    { layers: { a: { commands: ['apt-get clean'] } } },
    'layers.a.commands[0]: must be a list, not text',
  ],
  [
    'an option for a package',
    { packages: ['--purge'] },
    'packages[0]: must be the name of one package',
  ],
  [
    'two kernel arguments in one',
    { kernelArguments: ['quiet splash'] },
    'kernelArguments[0]: must be one kernel argument; write each as an entry of its own',
  ],
  [
    'an exclude that is a comment',
    { excludes: ['# home'] },
    'excludes[0]: must be a line in the syntax of .gitignore, such as "/srv/videos/*", "*.iso" or "!/srv/videos/short"',
  ],
  ['no outputs', { outputs: [] }, 'outputs: must have at least one entry, or be left out'],
  [
    'a factory that was not called',
    { plugins: [function wifi() {}] },
    'plugins[0]: is a function; write wifi() to call it',
  ],
  [
    'a misspelled import in a list',
    { outputs: [undefined] },
    'outputs[0]: is undefined; is its name spelled right in the import?',
  ],
  ['user: true', { user: true }, 'user: must be false or an object'],
  [
    'a key of the user',
    { user: { autoLogin: true } },
    'user.autoLogin: there is no such key; did you mean "autologin"?',
  ],
  ['a config that is a list', [], ': must be an object, not a list'],
])('explains %s', (_, raw, expected) => {
  expect(problems(raw)).toEqual([expected]);
});

test('reports all problems at once', () => {
  expect(
    problems({ layer: {}, title: 1, hostname: '-', profiles: { a: { titel: '' } } }),
  ).toHaveLength(4);
});

test('never repeats a password', () => {
  for (const password of ['hunter2', { text: 'hunter2\n' }, { txt: 'hunter2' }, ['hunter2']]) {
    const texts = problems({ user: { password } });
    expect(texts).not.toEqual([]);
    expect(texts.join()).not.toContain('hunter2');
  }
});

test('takes a secret as it is', () => {
  const password = secret({ env: 'PASSWORD' });
  const checked = checkSchema({ user: { password } });
  expect(checked).toMatchObject({ kind: 'valid' });
  expect((checked as { config: { user: { password: unknown } } }).config.user.password).toBe(
    password,
  );
});

test('takes kernel arguments with quotes', () => {
  expect(problems({ kernelArguments: ['a="b c"', 'quiet', 'x.y=1,2'] })).toEqual([]);
});

test('says nothing in the jargon of the schema library', () => {
  const texts = problems({
    source: 1,
    distro: [],
    outputs: 'iso',
    layers: { a: { on: 1, packages: 'x', commands: [[]], files: '' } },
    profiles: { b: { layers: 'x', default: 'yes', kernelArguments: [''] } },
    compression: [],
    format: 1,
    name: '',
    version: '/',
    title: '',
    hostname: null,
    user: { name: 'root', sudo: 1 },
    excludes: [''],
    hardware: 'x',
    packageNames: { a: 'b' },
  }).join('\n');
  expect(texts).not.toMatch(/invalid|expected|received|zod|union|undefined/i);
  expect(texts.split('\n').length).toBeGreaterThan(20);
});
