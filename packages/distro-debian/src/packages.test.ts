import { expect, it } from 'vitest';
import type { Facts, Ops, PackageRequest, Probe } from '@livesys/core/plugin';
import { textOf } from '../../../test/support/recorded-ops.ts';
import { downloads } from './downloads.ts';
import { installPackages } from './packages.ts';
import { packagesFor } from './tools.ts';

const FACTS: Facts = {
  format: 1,
  architecture: 'x86_64',
  osRelease: { id: 'debian', idLike: [], name: 'Debian', prettyName: 'Debian' },
  sourceDateEpoch: 0,
  distro: {
    release: 'bookworm',
    architecture: 'x86_64',
    kernels: [],
    initSystem: 'systemd',
    securityModules: [],
    packages: { kmod: '30' },
    packagesChanged: 0,
  },
};

const BUILDER: Probe = {
  readText: () => undefined,
  list: () => [],
  stat: () => undefined,
  realPath: () => undefined,
};

function record(packages: readonly string[], purpose: PackageRequest['purpose']) {
  const lines: string[] = [];
  const ops: Partial<Ops> = {
    exec: (argv) => void lines.push(argv.map(textOf).join(' ')),
    write: (path) => void lines.push(`write ${textOf(path)}`),
    remove: (path) => void lines.push(`remove ${textOf(path)}`),
  };
  installPackages(ops as Ops, { packages, purpose, facts: FACTS, builder: BUILDER });
  return lines;
}

const install = (lines: readonly string[]) => lines.find((line) => line.includes(' install '));

it('installs what the base does not have, with recommended packages only into an image', () => {
  expect(install(record(['kmod', 'gdisk', 'gdisk'], 'image'))).toBe(
    'apt-get --config-file=/tmp/livesys-build/apt.conf install gdisk',
  );
  expect(install(record(['gdisk'], 'tools'))).toContain('--no-install-recommends install gdisk');
});

it('does nothing, without network, when all is there', () => {
  expect(record(['kmod'], 'tools')).toEqual([]);
});

it('takes away what it wrote', () => {
  const lines = record(['gdisk'], 'image');
  const pins = '/etc/apt/preferences.d/00livesys-build';
  expect(lines.indexOf(`write ${pins}`)).toBeLessThan(lines.indexOf(`remove ${pins}`));
  expect(lines).toContain('remove /tmp/livesys-build');
  expect(lines).toContain('remove /etc/ssh/ssh_host_ed25519_key');
});

it('names its caches by distribution and release', () => {
  const mint: Facts = { ...FACTS, osRelease: { ...FACTS.osRelease, id: 'linuxmint' } };
  expect(downloads(FACTS).map(({ name }) => name)).toEqual([
    'debian-bookworm-archives',
    'debian-bookworm-lists',
  ]);
  expect(downloads(mint)[0]?.name).toBe('debian-linuxmint-bookworm-archives');
});

it('knows the packages of common tools, and says when it does not', () => {
  const named = (name: string) => packagesFor({ name, reason: 'test' }, FACTS);
  expect(named('mksquashfs')).toEqual(['squashfs-tools']);
  expect(named('dracut')).toEqual(['dracut-core']);
  expect(named('grub')).toEqual(['grub-common', 'grub-pc-bin', 'grub-efi-amd64-bin']);
  expect(named('constructor')).toBeUndefined();
});

it.each([
  ['debian', [], 'linux-image-amd64'],
  ['linuxmint', ['ubuntu', 'debian'], 'linux-image-generic'],
])('knows the package of a kernel of %s', (id, idLike, name) => {
  const osRelease = { ...FACTS.osRelease, id, idLike };
  const found = packagesFor({ name: 'kernel', reason: 'test' }, { ...FACTS, osRelease });
  expect(found).toEqual([name]);
});
