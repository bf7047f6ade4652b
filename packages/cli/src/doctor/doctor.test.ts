import { describe, expect, it } from 'vitest';

import { symbolsFor } from '../terminal/symbols.ts';
import { chooseRelease, configTemplate } from '../init/template.ts';
import { diagnose, formatDiagnoses } from './examine-machine.ts';
import type { System } from './system.ts';

const GiB = 1024 ** 3;
const DEBIAN = 'ID=debian\nVERSION_CODENAME=bookworm\n';

/** A machine on which everything works, but for what a test changes. */
const machine = (more: Partial<System> = {}, files: Readonly<Record<string, string>> = {}) => ({
  nodeVersion: '20.19.0',
  uid: 1000,
  userName: 'ada',
  cache: '/home/ada/.cache/livesys',
  hasDisplay: true,
  readText: async (path: string) => ({ '/etc/os-release': DEBIAN, ...files })[path],
  findProgram: async (name: string) => `/usr/bin/${name}`,
  tryNamespace: async () => 'works' as const,
  acceleration: async () => ({ kind: 'kvm' }) as const,
  hasFirmware: async () => true,
  fileSystem: async (path: string) => ({ type: 'ext4', free: 100 * GiB, folder: path }),
  ...more,
});

/** What is not as it should be, by name. */
async function trouble(system: System) {
  const findings = (await diagnose(system)).flatMap((diagnosis) => diagnosis.findings);
  return Object.fromEntries(
    findings
      .filter(({ state }) => state !== 'ok')
      .map(({ name, state, detail, fix }) => [name, `${state}: ${detail} | ${fix ?? ''}`]),
  );
}

const without = (missing: string): Partial<System> => ({
  findProgram: async (name) => (name === missing ? undefined : `/usr/bin/${name}`),
});

describe('doctor', () => {
  it('finds nothing to say about a machine that has everything', async () => {
    expect(await trouble(machine())).toEqual({});
  });

  it.each<[string, Partial<System>, Record<string, string>, string, RegExp]>([
    ['an old Node', { nodeVersion: '20.18.3' }, {}, 'node', /missing: .*20\.19/],
    ['no newuidmap', without('newuidmap'), {}, 'namespaces', /apt-get install uidmap/],
    [
      'no subordinate ids',
      { tryNamespace: async () => 'no-subordinate-ids' },
      {},
      'namespaces',
      /add-subuids.* ada$/,
    ],
    [
      'namespaces turned off by AppArmor',
      { tryNamespace: async () => 'refused' },
      { '/proc/sys/kernel/apparmor_restrict_unprivileged_userns': '1\n' },
      'namespaces',
      /apparmor_restrict_unprivileged_userns=0/,
    ],
    [
      'namespaces refused',
      { tryNamespace: async () => 'refused' },
      {},
      'namespaces',
      /build with sudo/,
    ],
    [
      'no unshare',
      without('unshare'),
      {},
      'sandbox tools',
      /no unshare \| apt-get install util-linux/,
    ],
    [
      'no mmdebstrap',
      without('mmdebstrap'),
      {},
      'bootstrap',
      /limited.*apt-get install mmdebstrap/,
    ],
    [
      'Arch without QEMU',
      without('qemu-system-x86_64'),
      { '/etc/os-release': 'ID=manjaro\nID_LIKE="arch"\n' },
      'qemu',
      /pacman -S qemu-system-x86/,
    ],
    [
      'a KVM of others',
      { acceleration: async () => ({ kind: 'tcg', reason: 'no-permission' }) },
      {},
      'kvm',
      /limited.*usermod -aG kvm ada/,
    ],
    [
      'a KVM that does not run',
      { acceleration: async () => ({ kind: 'tcg', reason: 'does-not-run' }) },
      {},
      'kvm',
      /runs no machine/,
    ],
    ['no OVMF', { hasFirmware: async () => false }, {}, 'uefi', /apt-get install ovmf/],
    [
      'OVMF without keys',
      { hasFirmware: async (secure) => !secure },
      {},
      'uefi',
      /no --secure-boot/,
    ],
    [
      'a cache on overlay',
      { fileSystem: async (folder) => ({ type: 'overlay', free: GiB, folder }) },
      {},
      'cache',
      /missing.*LIVESYS_CACHE/,
    ],
    [
      'a cache in memory',
      { fileSystem: async (folder) => ({ type: 'tmpfs', free: 90 * GiB, folder }) },
      {},
      'cache',
      /limited.*takes memory/,
    ],
    [
      'a full disk',
      { fileSystem: async (folder) => ({ type: 'ext4', free: GiB, folder }) },
      {},
      'cache',
      /limited.*prune/,
    ],
    ['no display', { hasDisplay: false }, {}, 'window', /serial console only/],
  ])('says what to do about %s', async (_, more, files, name, expected) => {
    expect((await trouble(machine(more, files)))[name]).toMatch(expected);
  });

  it('asks root for no user namespace', async () => {
    expect(await trouble(machine({ uid: 0, tryNamespace: async () => 'refused' }))).toEqual({});
  });

  it('groups by command and stays within 80 columns without long paths', async () => {
    const diagnoses = await diagnose(machine({ ...without('mmdebstrap'), hasDisplay: false }));
    const text = formatDiagnoses(diagnoses, symbolsFor({ LANG: 'C.UTF-8' }));

    expect(text).toContain('build, apply, plan --prepare: ready, with limits\n');
    expect(text).toContain(' ~ bootstrap      no mmdebstrap');
    expect(text).toContain('→ apt-get install mmdebstrap\n');
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });
});

describe('the config to start from', () => {
  it("uses this machine's release where the adapter knows it", () => {
    expect(chooseRelease(DEBIAN)).toEqual({ release: 'bookworm', own: true });
    expect(chooseRelease('ID="debian"\nVERSION_CODENAME="trixie"')).toMatchObject({ own: true });
    expect(chooseRelease('ID=debian\nVERSION_CODENAME=buster')).toMatchObject({ own: false });
    expect(chooseRelease('ID=arch')).toEqual({ release: 'bookworm', own: false });
    expect(configTemplate({ release: 'trixie', own: true })).toContain("release: 'trixie'");
  });
});
