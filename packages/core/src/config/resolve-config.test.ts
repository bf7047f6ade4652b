import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { secret } from '../contract/secret.ts';
import type { LivesysError } from '../errors/livesys-error.ts';
import type { Builtins } from './builtins.ts';
import { resolveConfig } from './resolve-config.ts';

const base = { version: '1.0.0', apiVersion: '^1.0.0' };
const source = {
  ...base,
  role: 'source',
  name: 'host',
  label: '/',
  plan: () => ({ tree: 'x' }),
} as const;
const output = {
  ...base,
  role: 'output',
  name: 'iso',
  format: 'iso',
  firmware: [],
  build() {},
} as const;
const builtins: Builtins = {
  sources: { host: () => source, directory: (path: string) => ({ ...source, label: path }) },
  distros: {},
  initramfs: {},
  bootloaders: {
    grub: () => {
      throw new Error('timeout must be a number');
    },
  },
  outputs: { iso: (options?: { file?: string }) => ({ ...output, ...options }) },
  plugins: {},
};

let folder: string;
const put = (path: string, content: string) => {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
};
const instance = (name: string, api = '^1.0.0') =>
  `(options) => ({ name: '${name}', version: '2.1.0', apiVersion: '${api}', options })`;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'livesys-config-'));
  const manifest = (exports: unknown) => JSON.stringify({ type: 'module', exports });
  put('node_modules/livesys-esm/package.json', manifest({ '.': { import: './main.js' } }));
  put('node_modules/livesys-esm/main.js', `export default ${instance('livesys-esm')};`);
  put('node_modules/livesys-cjs/index.js', `module.exports = ${instance('livesys-cjs')};`);
  put('node_modules/livesys-cjs/package.json', '{}');
  put('node_modules/livesys-required/package.json', '{"exports":{"require":"./main.cjs"}}');
  put(
    'node_modules/livesys-required/main.cjs',
    `module.exports = ${instance('livesys-required')};`,
  );
  put('node_modules/@them/new/package.json', manifest('./main.js'));
  put('node_modules/@them/new/main.js', `export default ${instance('@them/new', '^2.0.0')};`);
  put('node_modules/livesys-broken/package.json', manifest('./main.js'));
  put('node_modules/livesys-broken/main.js', `import 'not-there'; export default 1;`);
  put(
    'own.ts',
    `import { API } from '@livesys/core/plugin';
    type Range = string;
    const range: Range = API;
    export default () => ({ name: 'own', version: '1.0.0', apiVersion: range });`,
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

const resolve = (raw: unknown) =>
  resolveConfig(raw, {
    file: join(folder, 'livesys.config.ts'),
    folder,
    builtins,
    modules: { '@livesys/core/plugin': { API: '^1.0.0' } },
  });

async function failure(raw: unknown): Promise<LivesysError> {
  return resolve(raw).then(
    () => expect.fail('nothing was refused'),
    (error: unknown) => error as LivesysError,
  );
}

test('an empty config becomes a whole one', async () => {
  expect(await resolve({})).toMatchObject({
    folder,
    source: { name: 'host' },
    distro: undefined,
    outputs: [{ name: 'iso' }],
    plugins: [],
    layers: [],
    profiles: [{ name: 'live', layers: [], default: true }],
    compression: { algorithm: 'zstd' },
    user: { name: 'live', password: 'none' },
  });
});

test('names and options become instances', async () => {
  const config = await resolve({
    source: ['directory', '/srv'],
    outputs: [['iso', { file: 'a.iso' }], output],
  });
  expect(config.source.label).toBe('/srv');
  expect(config.outputs[0]?.file).toBe('a.iso');
  expect(config.outputs[1]).toBe(output);
});

test.each(['livesys-esm', 'livesys-cjs', 'livesys-required'])(
  'loads the package %s',
  async (name) => {
    const config = await resolve({ plugins: [[name, { x: 1 }]] });
    expect(config.plugins).toMatchObject([{ name, options: { x: 1 } }]);
  },
);

test("loads a file of the config's folder that uses our modules and types", async () => {
  expect((await resolve({ plugins: ['./own.ts'] })).plugins).toMatchObject([{ name: 'own' }]);
});

test('files and passwords count from the folder of the config', async () => {
  const config = await resolve({
    layers: {
      desktop: { on: 'repair', packages: ['x'] },
      site: { files: './overlay' },
      repair: { commands: [['true']] },
    },
    user: { name: 'ann', password: { file: 'pw' } },
  });
  expect(config.layers).toEqual([
    { name: 'repair', commands: [['true']] },
    { name: 'desktop', on: 'repair', packages: ['x'] },
    { name: 'site', files: join(folder, 'overlay') },
  ]);
  expect(config.user).toMatchObject({ name: 'ann', autologin: true });
  expect(Object.keys(config.user?.password ?? {})).toEqual(['secret']);
});

test('keeps a secret and knows no user', async () => {
  const ref = secret({ env: 'X' });
  expect((await resolve({ user: { password: ref } })).user?.password).toEqual({ secret: ref });
  expect((await resolve({ user: false })).user).toBeUndefined();
});

test('reports problems of keys, names and plugins together, aligned', async () => {
  const error = await failure({
    profiles: { office: { layers: ['site', 'dekstop'] } },
    layers: { desktop: { packages: ['x'] }, site: { files: './s' } },
    compression: { algorithm: 'zip' },
    plugins: ['@them/new', 'livesys-nowhere'],
    bootloader: 'grubb',
  });
  expect(error.code).toBe('LIVESYS_CONFIG_INVALID');
  expect(error.exitCode).toBe(3);
  expect(error.message).toBe('livesys.config.ts: 5 problems');
  expect(error.details).toEqual([
    'compression.algorithm       "zip" is not one of zstd, xz, gzip, lz4, lz4hc, lzo',
    'profiles.office.layers[1]   there is no layer "dekstop"; did you mean "desktop"?',
    'bootloader                  there is no boot loader "grubb"; did you mean "grub"?',
    'plugins[0]                  @them/new 2.1.0 is written for plugin API ^2.0.0, this is 1.0.0: npm install @them/new@1',
    'plugins[1]                  livesys-nowhere is not installed: npm install livesys-nowhere',
  ]);
});

test('uses the special code when there is one kind of problem', async () => {
  expect((await failure({ plugins: ['livesys-nowhere'] })).code).toBe('LIVESYS_PLUGIN_NOT_FOUND');
  expect((await failure({ plugins: ['@them/new'] })).code).toBe('LIVESYS_PLUGIN_INCOMPATIBLE');
});

test.each<[string, unknown, string]>([
  [
    'a plugin that cannot be loaded',
    { plugins: ['livesys-broken'] },
    'plugins[0]   livesys-broken cannot be loaded: it imports not-there, which is not there: npm install not-there',
  ],
  [
    'options that are refused',
    { bootloader: ['grub', { timeout: 'x' }] },
    'bootloader   grub refuses its options: timeout must be a number',
  ],
  [
    'a role that is undefined',
    { distro: undefined },
    'distro   is undefined; check the name in its import, or leave the key out',
  ],
  [
    'a folder as the source',
    { source: './root' },
    'source   there is no file "./root"; for a folder write ["directory", "./root"]',
  ],
])('explains %s', async (_, raw, line) => {
  expect((await failure(raw)).details).toEqual([line]);
});
