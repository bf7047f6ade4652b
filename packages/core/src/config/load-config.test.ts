import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { LivesysError } from '../errors/livesys-error.ts';
import type { Builtins } from './builtins.ts';
import { defineConfig } from './define-config.ts';
import { loadConfig } from './load-config.ts';

const part = { version: '1.0.0', apiVersion: '^1.0.0' };
const host = {
  ...part,
  role: 'source',
  name: 'host',
  label: '/',
  plan: () => ({ tree: 'x' }),
} as const;
const iso = {
  ...part,
  role: 'output',
  name: 'iso',
  format: 'iso',
  firmware: [],
  build() {},
} as const;
const empty = { distros: {}, initramfs: {}, bootloaders: {}, plugins: {} };
const builtins: Builtins = { ...empty, sources: { host: () => host }, outputs: { iso: () => iso } };
const modules = { livesys: { defineConfig, iso: () => iso, host: () => host } };

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'livesys-load-')));
});
afterEach(() => rmSync(root, { recursive: true }));

function put(path: string, content: string): string {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  return file;
}
const load = (cwd = root, more: { file?: string; home?: string } = {}) =>
  loadConfig({ cwd, builtins, modules, ...more });
const failure = (...args: Parameters<typeof load>): Promise<LivesysError> =>
  load(...args).then(
    () => expect.fail('nothing was refused'),
    (error: unknown) => error as LivesysError,
  );

test('a folder given as the config is named', async () => {
  const error = await failure(root, { file: root });
  expect(error.message).toBe(`${root}: a config ends in .ts, .mts, .js, .mjs, .json, .yaml, .yml`);
});

describe('what can be written', () => {
  test('TypeScript that imports our instances', async () => {
    const file = put(
      'livesys.config.ts',
      `import { defineConfig, iso, type UserConfig } from 'livesys';
       const title: string = await Promise.resolve('hello');
       export default defineConfig({ title, outputs: [iso()] } satisfies UserConfig);`,
    );
    const config = await load();
    expect(config).toMatchObject({ file, folder: root, title: 'hello' });
    expect(config.outputs[0]).toBe(iso);
  });

  test.each([
    ['livesys.config.mts', 'export default { title: "x" as string }'],
    ['livesys.config.js', 'export default { title: "x" }'],
    [
      'livesys.config.mjs',
      'import { host } from "livesys"; export default { title: "x", source: host() }',
    ],
    ['livesys.config.json', '{ "$schema": "./s.json", "title": "x", "outputs": [["iso", {}]] }'],
    ['livesys.config.yaml', 'title: x\noutputs: [iso]\nprofiles: { live: { persistence: on } }\n'],
    [
      'livesys.config.yml',
      'title: x\nlayers:\n  a: { packages: [p] }\n  b: { on: a, packages: [q] }\n',
    ],
  ])('%s', async (name, content) => {
    put(name, content);
    expect((await load()).title).toBe('x');
  });

  test('a file that changed is read again', async () => {
    put('livesys.config.ts', 'export default { title: "one" }');
    expect((await load()).title).toBe('one');
    put('livesys.config.ts', 'export default { title: "two" }');
    expect((await load()).title).toBe('two');
  });
});

describe('where it is looked for', () => {
  beforeEach(() => {
    put('livesys.config.json', '{ "title": "outside" }');
    mkdirSync(join(root, 'repo/a/b'), { recursive: true });
  });

  test('upwards to the root of the repository, and no further', async () => {
    mkdirSync(join(root, 'repo/.git'));
    expect((await failure(join(root, 'repo/a/b'))).code).toBe('LIVESYS_CONFIG_NOT_FOUND');
    put('repo/livesys.config.json', '{ "title": "repo" }');
    expect((await load(join(root, 'repo/a/b'))).title).toBe('repo');
  });

  test('upwards to home, and no further', async () => {
    expect((await load(join(root, 'repo/a'), { home: root })).title).toBe('outside');
    expect((await failure(join(root, 'repo/a'), { home: join(root, 'repo') })).exitCode).toBe(2);
  });

  test('nowhere above when there is neither', async () => {
    expect((await failure(join(root, 'repo/a'))).code).toBe('LIVESYS_CONFIG_NOT_FOUND');
    expect((await load(root)).title).toBe('outside');
  });

  test('at the file that is named', async () => {
    put('other/mine.yaml', 'title: mine');
    expect(await load(root, { file: 'other/mine.yaml' })).toMatchObject({
      title: 'mine',
      folder: join(root, 'other'),
    });
    expect(await failure(root, { file: 'none.yaml' })).toMatchObject({
      code: 'LIVESYS_CONFIG_NOT_FOUND',
      message: 'there is no file none.yaml',
    });
  });
});

test("code in the working directory's .config is not executed", () => {
  const bomb = (name: string) =>
    `require('node:fs').writeFileSync(${JSON.stringify(join(root, name))}, '');module.exports = {};`;
  put('.config/config.js', bomb('boom-js'));
  put('.config/config.cjs', bomb('boom-cjs'));
  put('livesys.config.json', '{}');
  const script = `
    const { loadFile } = await import(${JSON.stringify(join(import.meta.dirname, 'load-file.ts'))});
    console.log(JSON.stringify(await loadFile(${JSON.stringify(join(root, 'livesys.config.json'))}, '/', {})), process.cwd());`;
  const run = (code: string) =>
    execFileSync(
      process.execPath,
      [
        '--import',
        import.meta.resolve('tsx'),
        '--conditions=@livesys/source',
        '--input-type=module',
        '-e',
        code,
      ],
      { cwd: root, encoding: 'utf8' },
    );
  expect(run(script)).toBe(`{} ${root}\n`);
  expect(existsSync(join(root, 'boom-js')) || existsSync(join(root, 'boom-cjs'))).toBe(false);
  const naive = `const { cosmiconfig } = await import(${JSON.stringify(import.meta.resolve('cosmiconfig'))}); cosmiconfig('x');`;
  run(naive);
  expect(existsSync(join(root, 'boom-js')), 'the trap is armed').toBe(true);
});

describe('what cannot be read', () => {
  const ts = 'livesys.config.ts';
  test.each<[string, string, string, string]>([
    [
      'a syntax error in TypeScript',
      ts,
      'export default {\n  title: "a"\n  name: "b",\n};',
      `${ts}:3: Unexpected token, expected ","`,
    ],
    [
      'a syntax error in JavaScript',
      'livesys.config.mjs',
      'const a = ;\n',
      'livesys.config.mjs:1: Unexpected token',
    ],
    [
      'a missing default export',
      ts,
      'export const config = {};',
      `${ts}: it has no default export; write export default defineConfig({ … })`,
    ],
    [
      'a missing named import of ours',
      ts,
      `import { defineConfig } from 'livesys';\ninterface A {\n  a: 1;\n}\nimport { isoo } from 'livesys';\n\nexport default defineConfig({\n  outputs: [isoo()],\n});`,
      `${ts}:8: "livesys" exports no "isoo"; did you mean "iso"?`,
    ],
    [
      'a default import of ours',
      ts,
      `import livesys from 'livesys';\nexport default livesys({});`,
      `${ts}:2: "livesys" has no default export; import names with braces`,
    ],
    [
      'a missing named import of another module',
      ts,
      `import { wify } from './wifi.ts';\nexport default { plugins: [wify()] };`,
      `${ts}:2: "wify" is not a function; is it spelled right in the import?`,
    ],
    [
      'a module that is not there',
      ts,
      `import x from '@them/wifi/sub';\nexport default x;`,
      `${ts}:1: it imports @them/wifi/sub, which is not there: npm install @them/wifi`,
    ],
    [
      'an error that the config throws',
      ts,
      `const a = 1;\nthrow new Error('no such day\\nmore');\nexport default {};`,
      `${ts}:2: no such day`,
    ],
    [
      'an error in a file it imports',
      ts,
      `import './broken.ts';\nexport default {};`,
      'broken.ts:2: Unexpected token, expected ","',
    ],
    [
      'YAML',
      'livesys.config.yaml',
      'a: 1\nb: [\nc: 2\n',
      'livesys.config.yaml:4: unexpected end of the stream within a flow collection',
    ],
    [
      'JSON',
      'livesys.config.json',
      '{\n "a": 1,\n "b" 2\n}',
      'livesys.config.json:3: Unexpected number',
    ],
    ['an empty file', 'livesys.config.yaml', '\n', 'livesys.config.yaml: the file is empty'],
  ])('%s', async (_, name, content, message) => {
    put('wifi.ts', 'export const wifi = () => ({});');
    put('broken.ts', 'export default {\n a: 1 b: 2 };');
    put(name, content);
    const error = await failure();
    expect(error).toMatchObject({ code: 'LIVESYS_CONFIG_UNREADABLE', exitCode: 3 });
    expect(error.message).toBe(message);
    expect([error.message, ...error.details].join('\n')).not.toMatch(/^\s+at |jiti|node_modules/m);
  });

  test.each([
    ['readFileSync("/not-there")', /^livesys\.config\.ts:1: ENOENT: .*\/not-there/],
    ['(() => { throw null; })()', /^livesys\.config\.ts: it throws something that is no Error$/],
  ])('what the config itself does: %s', async (code, message) => {
    put(ts, `import { readFileSync } from 'node:fs'; export default ${code};`);
    const error = await failure();
    expect(error.code).toBe('LIVESYS_CONFIG_UNREADABLE');
    expect(error.message).toMatch(message);
  });

  test('a file with another ending', async () => {
    put('x.toml', 'a=1');
    expect((await failure(root, { file: 'x.toml' })).message).toMatch(
      /^x\.toml: a config ends in \.ts/,
    );
  });

  test('an export that is no object', async () => {
    put(ts, 'export default () => ({});');
    expect(await failure()).toMatchObject({
      code: 'LIVESYS_CONFIG_INVALID',
      details: ['must be an object, not a function'],
    });
  });
});
