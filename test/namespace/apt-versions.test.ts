import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  isRef,
  type Facts,
  type Ops,
  type PackageRequest,
  type Text,
} from '../../packages/core/src/plugin.ts';
import { installPackages } from '../../packages/distro-debian/src/packages.ts';
import { makeWorkspace, type Workspace } from './support/workspace.ts';

// The real apt decides about a source that is older than its mirror; it installs nothing.

const INSTALLED = [
  stanza('libudev1', '252.38'),
  stanza('systemd', '252.38'),
  stanza('linux-image-6.1', '6.1.1'),
];
const MIRROR = [
  stanza('libudev1', '252.39'),
  stanza('systemd', '252.39'),
  stanza('systemd', '253.1'),
  stanza('resolved', '252.39', 'systemd (= 252.39)'),
  stanza('homed', '253.1', 'systemd (= 253.1)'),
  stanza('udev', '252.39', 'libudev1 (= 252.39)'),
  stanza('linux-image-6.1', '6.1.2'),
  stanza('linux-image-6.2', '6.2.1'),
  stanza('modules', '1', 'linux-image-6.2'),
];

let workspace: Workspace;
let folder: string;
beforeAll(() => {
  workspace = makeWorkspace();
  folder = workspace.make('apt');
  const installed = INSTALLED.map((one) => `${one}Status: install ok installed\n`).join('\n');
  put('/var/lib/dpkg/status', installed);
  put('/etc/apt/sources.list', `deb [trusted=yes] file:${folder}/mirror ./\n`);
  put('/mirror/Packages', MIRROR.join('\n'));
  for (const path of ['/etc/apt/apt.conf.d', '/var/lib/apt/lists', '/var/cache/apt/archives'])
    mkdirSync(join(folder, path), { recursive: true });
});
afterAll(() => workspace?.remove());

function stanza(name: string, version: string, depends?: string): string {
  const fields = [`Package: ${name}`, `Version: ${version}`, 'Architecture: amd64'];
  const file = [`Filename: ./${name}.deb`, 'Size: 1', `SHA256: ${'0'.repeat(64)}`];
  const needs = depends === undefined ? [] : [`Depends: ${depends}`];
  return `${[...fields, ...needs, ...file, 'Description: x'].join('\n')}\n`;
}

function put(path: string, content: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
}

function plain(text: Text): string {
  const parts = typeof text === 'string' ? [text] : isRef(text) ? [] : text;
  return parts.map((part) => (typeof part === 'string' ? part : '')).join('');
}

/** What the recorded commands would do. */
function simulate(packages: readonly string[], purpose: PackageRequest['purpose']) {
  const commands: (readonly string[])[] = [];
  const ops: Partial<Ops> = {
    write: (path, content) => put(plain(path), plain(content)),
    exec: (argv) => void commands.push(argv.map(plain)),
    remove: () => undefined,
  };
  const facts = { distro: { packages: { systemd: '252.38' } } } as unknown as Facts;
  const builder = {
    readText: () => undefined,
    list: () => [],
  } as unknown as PackageRequest['builder'];
  installPackages(ops as Ops, { packages, purpose, facts, builder });
  const [update, install] = commands
    .filter(([program]) => program === 'apt-get')
    .map((argv) => argv.slice(1).map((word) => word.replace('--config-file=', `$&${folder}`)));
  apt(update ?? []);
  return apt(['--simulate', ...(install ?? [])]);
}

function apt(argv: readonly string[]) {
  const own = ['-o', `Dir=${folder}`, '-o', `Dir::State::status=${folder}/var/lib/dpkg/status`];
  const others = ['-o', 'APT::Architecture=amd64', '-o', 'APT::Sandbox::User=root'];
  const { status, stdout, stderr } = spawnSync('apt-get', [...own, ...others, ...argv], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C', APT_CONFIG: '/dev/null' },
  });
  return { status, output: stdout + stderr, made: stdout.match(/^Inst .*$/gm) ?? [] };
}

it('tools come with newer versions of what they need, and of nothing else', () => {
  const { status, made } = simulate(['udev'], 'tools');
  expect(made.map((line) => line.replace(/^Inst (\S+) .*/, '$1')).toSorted()).toEqual([
    'libudev1',
    'udev',
  ]);
  expect(status).toBe(0);
});

it('a tool may bring an update of systemd, but no other release of it', () => {
  expect(simulate(['resolved'], 'tools').status).toBe(0);
  const { status, output } = simulate(['homed'], 'tools');
  expect(status).toBe(100);
  expect(output).toContain('homed : Depends: systemd (= 253.1)');
});

it('an image keeps the versions of its source, and apt tells what is in the way', () => {
  const { status, output, made } = simulate(['udev'], 'image');
  expect(status).toBe(100);
  expect(output).toMatch(/udev : Depends: libudev1 \(= 252\.39\) but 252\.38 is to be installed/);
  expect(made).toEqual([]);
});

it.each(['tools', 'image'] as const)('%s bring no other kernel', (purpose) => {
  const { status, output, made } = simulate(['modules'], purpose);
  expect(status).toBe(100);
  expect(output).toContain('modules : Depends: linux-image-6.2');
  expect(made).toEqual([]);
});
