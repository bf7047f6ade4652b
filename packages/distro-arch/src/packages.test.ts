import type { Facts, Ops, PackageRequest, PlanBuilder, RootOptions } from '@livesys/core/plugin';
import { memoryProbe } from '@livesys/plugin-testkit';
import { expect, it } from 'vitest';
import { textOf } from '../../../test/support/recorded-ops.ts';
import { downloads } from './downloads.ts';
import arch, { type ArchUserOptions } from './index.ts';
import { packagesFor } from './tools.ts';

const CHANGED = 1_700_000_000;
const FACTS: Facts = {
  format: 1,
  architecture: 'x86_64',
  osRelease: { id: 'arch', idLike: [], name: 'Arch Linux', prettyName: 'Arch Linux' },
  sourceDateEpoch: CHANGED,
  distro: {
    release: '',
    architecture: 'x86_64',
    kernels: [],
    initSystem: 'systemd',
    securityModules: [],
    packages: { diffutils: '3.10-1', kmod: '33-3' },
    packagesChanged: CHANGED,
  },
};
const builder = memoryProbe({ files: {} });

function recorder() {
  const lines: string[] = [];
  const ops: Partial<Ops> = {
    exec: (argv) => void lines.push(argv.map(textOf).join(' ')),
    copy: (_, to) => void lines.push(`copy ${textOf(to)}`),
    remove: (path) => void lines.push(`remove ${textOf(path)}`),
    input: () => '/in/pacman.sh',
    output: (name) => `/out/${name}`,
  };
  return { lines, ops: ops as Ops };
}

function install(
  packages: readonly string[],
  purpose: PackageRequest['purpose'],
  options?: ArchUserOptions,
) {
  const { lines, ops } = recorder();
  arch(options).installPackages(ops, { packages, purpose, facts: FACTS, builder });
  return lines;
}

const command = (lines: readonly string[]) => lines.find((line) => line.includes(' install '));

it('installs what the base does not have, with signatures checked', () => {
  const script = 'sh /tmp/livesys-build/pacman.sh install required /';
  expect(command(install(['kmod', 'gdisk', 'gdisk'], 'image'))).toMatch(`${script} gdisk`);
  expect(command(install(['gdisk'], 'image', { signatures: 'never' }))).toContain(
    'install never / gdisk',
  );
});

it('does nothing, without network, when all is there', () => {
  expect(install(['kmod'], 'tools')).toEqual([]);
});

it('takes away keys and leftovers, and from an image the identity', () => {
  const lines = install(['openssh'], 'image');
  expect(lines).toContain('remove /tmp/livesys-build/gnupg');
  expect(lines).toContain('remove /var/log/pacman.log');
  expect(lines).toContain('remove /etc/ssh/ssh_host_ed25519_key');
  expect(install(['openssh'], 'tools')).not.toContain('remove /etc/ssh/ssh_host_ed25519_key');
});

it('names its cache by distribution', () => {
  const garuda: Facts = { ...FACTS, osRelease: { ...FACTS.osRelease, id: 'garuda' } };
  expect(downloads(FACTS).map(({ name }) => name)).toEqual(['arch-arch-packages']);
  expect(downloads(garuda)[0]?.name).toBe('arch-garuda-packages');
});

it('knows the packages of common tools, and says when it does not', () => {
  const named = (name: string) => packagesFor({ name, reason: 'test' });
  expect(named('xorriso')).toEqual(['libisoburn']);
  expect(named('veritysetup')).toEqual(['cryptsetup']);
  expect(named('grub-uefi')).toEqual(['grub']);
  expect(named('shim')).toBeUndefined();
  expect(named('constructor')).toBeUndefined();
});

/** The root that is planned for the tools, if there is one, and what it runs. */
function tools(repositories: string, options?: ArchUserOptions, packages = ['dracut']) {
  const { lines, ops } = recorder();
  let given: RootOptions | undefined;
  const plan: Partial<PlanBuilder> = {
    root: (root, body) => {
      given = root;
      body(ops);
      return { tree: root.id };
    },
  };
  const request = { plan: plan as PlanBuilder, id: 'tree:tools', base: { tree: 'source:base' } };
  const rest = { packages, facts: FACTS, builder, repositories };
  arch(options).planTools?.({ ...request, ...rest });
  return { given, lines };
}

const iso = (seconds: number): string => new Date(seconds * 1000).toISOString();

it('gives the tools a root of their own where the source is older than its repositories', () => {
  const { given, lines } = tools(iso(CHANGED + 1));
  expect(given).toMatchObject({ id: 'tree:tools', in: { tree: 'source:base' }, network: true });
  expect(lines.at(-1)).toMatch(/ install required \/out\/root base dracut diffutils$/);
  expect(tools('not recorded').given).toBeDefined();
});

it('puts them in a layer where it is as new, or as it is told', () => {
  expect(tools(iso(CHANGED)).given).toBeUndefined();
  expect(tools(iso(CHANGED + 1), { tools: 'layer' }).given).toBeUndefined();
  expect(tools(iso(CHANGED), { tools: 'own-root' }).given).toBeDefined();
});

it('needs no root for them, and no network, where the source has them all', () => {
  expect(tools(iso(CHANGED + 1), {}, ['kmod']).given).toBeUndefined();
  expect(install(['kmod'], 'tools')).toEqual([]);
  expect(tools(iso(CHANGED + 1), {}, ['kmod', 'dracut']).given).toBeDefined();
  expect(tools(iso(CHANGED + 1), { tools: 'own-root' }, ['kmod']).given).toBeDefined();
});
