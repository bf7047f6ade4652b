import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { openMedium } from '../../packages/cli/src/medium/medium.ts';
import { archSystem, type ArchSystem } from '../namespace/support/arch-system.ts';
import { makeWorkspace, type Workspace } from '../namespace/support/workspace.ts';
import { publish } from '../support/arch-repository/change-repository.ts';
import { installArch, type InstalledArch, TELL_ARCH } from './support/arch.ts';
import { holdBudget } from './support/budget.ts';
import { areasOf, expectCleanImages } from './support/clean-images.ts';
import { directKernel } from './support/direct.ts';
import { expectLive } from './support/expect-live.ts';
import { Guest, type GuestReport } from './support/guest.ts';
import { keysTo } from './support/menu-keys.ts';
import { run } from './support/run.ts';
import { extractLayer, unpackInitrd } from './support/unpack.ts';

// The whole way with the real pacman, on packages of Debian's in Arch's form: see
// test/support/arch-repository/README.md. What boots is no Arch Linux.

/** Seconds on a machine with KVM. */
const BOOT = 50;
const PROBE = fileURLToPath(new URL('./support/probe', import.meta.url));
const NEWER = '300-1';
/** In paths of an installed machine's own files. */
const OF_THE_MACHINE =
  /\/(etc\/pacman.d\/gnupg\/(private|openpgp)|etc\/ssh\/ssh_host_|boot\/initramfs|var\/lib\/systemd\/random-seed)/;
/** What must be the image's own where systemd runs in the boot image. */
const OWN = [
  'usr/lib/systemd/systemd',
  'usr/bin/udevadm',
  'usr/lib/x86_64-linux-gnu/libc.so.6',
  'usr/bin/mount',
];

let workspace: Workspace;
let arch: ArchSystem;
let iso = '';
let disk = '';
let installed: InstalledArch;
let guest: Guest | undefined;

beforeAll(() => {
  workspace = makeWorkspace();
});
holdBudget('arch', 10, async () => {
  arch = await archSystem(workspace);
  iso = join(await arch.image(liveConfig()), 'dist/live.iso');
  const bootstrapped = await arch.result('source:base');
  installed = await installArch(arch, bootstrapped, workspace.make('installed'));
  for (const name of ['glibc', 'systemd'])
    publish(arch.repository, name, NEWER, workspace.make('scratch'));
  disk = join(await arch.image(officeConfig()), 'dist/office.img');
});
afterEach(async () => {
  await guest?.dispose();
  guest = undefined;
});
afterAll(() => {
  arch?.close();
  workspace?.remove();
});

/** A new root with a package more, on a disc, which keeps nothing. */
function liveConfig(): Parameters<ArchSystem['image']>[0] {
  return {
    name: 'live',
    more: {
      compression: 'fast',
      layers: { more: { packages: ['tree'] }, probe: { files: PROBE } },
      profiles: { live: { layers: ['more', 'probe'], persistence: 'off', default: true } },
      outputs: [['iso', { file: 'dist/live.iso' }]],
    },
  };
}

/** An installed root that is older than its repositories, on a disk, which keeps changes. */
function officeConfig(): Parameters<ArchSystem['image']>[0] {
  return {
    name: 'office',
    apart: true,
    looked: new Date().toISOString(),
    more: {
      source: ['directory', { path: installed.root }],
      compression: 'fast',
      layers: { probe: { files: PROBE } },
      profiles: { office: { layers: ['probe'], persistence: 'on', default: true } },
      outputs: [['disk', { file: 'dist/office.img', data: '128M' }]],
    },
  };
}

const hash = (file: string): string =>
  createHash('sha256').update(readFileSync(file)).digest('hex');

const hashInLayer = (layer: string, path: string): string =>
  run(['sh', '-c', 'unsquashfs -cat "$1" "$2" | sha256sum', 'sh', layer, path]).slice(0, 64);

const words = (report: GuestReport, key: string): readonly string[] =>
  (report.facts.get(key) ?? '').split(' ').filter(Boolean);

describe('a new root on a disc', () => {
  it('boots by its own boot loader, with its packages, and a keyring and an id of its own', async () => {
    guest = await Guest.start({
      firmware: 'uefi',
      medium: { file: iso, as: 'cdrom' },
      job: { script: `${TELL_ARCH}\necho "tree=$(/usr/bin/tree --version | cut -c 1-5)"` },
    });
    const report = await guest.expectBooted(BOOT);

    expectLive(report, { profile: 'live', layers: ['base', 'more', 'probe', 'fixups'] });
    expect(Object.fromEntries(report.facts)).toMatchObject({
      firmware: 'uefi',
      id: 'repacked',
      database: 'No database errors have been found!',
      pkgbase: 'linux',
      keyring: '1',
      tree: 'tree ',
      mounts: '0',
      'boot-images': '',
    });
    expect(report.facts.get('machine-id')).toMatch(/^[0-9a-f]{32}$/);
    const builders = readdirSync(
      join(await arch.result('source:base'), 'etc/pacman.d/gnupg/private-keys-v1.d'),
    );
    expect(words(report, 'secret-keys')).toHaveLength(1);
    expect(builders).not.toContain(words(report, 'secret-keys')[0]);
  });

  it('has a boot image of its own programs', async () => {
    const medium = await openMedium(iso);
    const folder = workspace.make('of-iso');
    const base = await extractLayer(medium, 'base', folder);
    const root = await unpackInitrd(medium, folder);
    await medium.close();

    const inImage = OWN.map((path) => [path, hashInLayer(base, path)]);
    expect(OWN.map((path) => [path, hash(join(root, path))])).toEqual(inImage);
  });
});

describe('an installed root that is older than its repositories, on a disk', () => {
  /** Boots it, tells what is kept there, and keeps a word. */
  async function session(word: string): Promise<GuestReport> {
    guest = await Guest.start({
      medium: { file: disk, as: 'usb', writes: 'keep' },
      direct: await directKernel(disk, workspace.make('direct'), ''),
      job: { script: `${TELL_ARCH}\necho ${word} >/root/kept` },
    });
    const report = await guest.expectBooted(BOOT);
    expect(Object.fromEntries(report.facts)).toMatchObject({
      'state.profile': 'office',
      'state.persistence': 'on',
      'state.unclean': 'no',
      'units.failed': '',
      'mounts.virtio': '0',
    });
    expect(report.console).toContain('LIVESYS: exitrd verb=poweroff clean=yes');
    await expectCleanImages(disk);
    return report;
  }

  /** The word in the changes of the profile, as they lie on DATA. */
  async function keptOnData(): Promise<string> {
    const data = (await areasOf(disk)).find(({ name }) => name === 'LIVESYS-DATA');
    const file = '/livesys/persistence/office/upper/root/kept';
    return run(['debugfs', '-R', `cat ${file}`, `${disk}?offset=${data?.offset ?? 'none'}`]);
  }

  it('has a boot image without systemd, of the tools and of one kernel', async () => {
    const tools = await arch.result('tree:tools', 'office');
    const list = run(['pacman', '--dbpath', join(tools, 'var/lib/pacman'), '--query']);
    expect(list).toMatch(new RegExp(`^glibc ${NEWER}$`, 'm'));

    const medium = await openMedium(disk);
    const root = await unpackInitrd(medium, workspace.make('of-disk'));
    const releases = medium.kernels.map(({ release }) => release);
    await medium.close();
    expect(existsSync(join(root, 'usr/lib/systemd/systemd'))).toBe(false);
    expect(readdirSync(join(root, 'usr/lib/modules'))).toEqual([installed.kernel]);
    expect(releases).toEqual([installed.kernel]);
  });

  it('has no secret key, no seed and no boot image of the machine in its layers', async () => {
    const medium = await openMedium(disk);
    const folder = workspace.make('layers');
    const files: string[] = [];
    for (const { name } of medium.manifest.layers) {
      const list = run(['unsquashfs', '-lls', await extractLayer(medium, name, folder)]);
      // What only hides a file of a lower layer is a device.
      files.push(...list.split('\n').filter((line) => line.startsWith('-')));
    }
    await medium.close();
    expect(files.length).toBeGreaterThan(1000);
    expect(files.filter((line) => OF_THE_MACHINE.test(line))).toEqual([]);
    const preset = hashInLayer(join(folder, 'base.squashfs'), 'etc/mkinitcpio.d/linux.preset');
    expect(preset).toBe(installed.preset);
  });

  it('boots as what it was, with nothing that is one machine alone', async () => {
    const report = await session('first');

    expect(Object.fromEntries(report.facts)).toMatchObject({
      kernel: installed.kernel,
      vermagic: installed.kernel,
      pkgbase: 'linux',
      module: '1',
      packages: installed.packages,
      preset: installed.preset,
      keyring: '1',
      mounts: '0',
      resume: '0',
      'boot-images': '',
      'host-key': '-----BEGIN OPENSSH PRIVATE KEY-----',
      kept: '',
    });
    expect(words(report, 'kernels')).toHaveLength(2);
    expect(report.facts.get('machine-id')).toMatch(/^[0-9a-f]{32}$/);
    expect(report.facts.get('machine-id')).not.toBe(installed.machineId);
    expect(words(report, 'secret-keys')).toHaveLength(1);
    expect(installed.secretKeys).not.toContain(words(report, 'secret-keys')[0]);
  });

  it('keeps what was changed, and the keys that it made', async () => {
    const report = await session('second');

    expect(report.facts.get('kept')).toBe('first');
    expect(report.facts.get('host-key')).toBe('-----BEGIN OPENSSH PRIVATE KEY-----');
    expect(words(report, 'secret-keys')).toHaveLength(1);
  });

  it('boots by the menu of a BIOS without keeping, and what was kept is not seen and stays', async () => {
    guest = await Guest.start({
      firmware: 'bios',
      medium: { file: disk, as: 'usb', writes: 'keep' },
      job: { script: `${TELL_ARCH}\necho third >/root/kept && echo "now=$(cat /root/kept)"` },
    });
    await guest.waitFor(/without keeping changes/, BOOT);
    await guest.type(keysTo(2));
    const report = await guest.expectBooted(BOOT);

    expectLive(report, { profile: 'office', layers: ['base', 'probe', 'fixups'] });
    expect(Object.fromEntries(report.facts)).toMatchObject({
      firmware: 'bios',
      kernel: installed.kernel,
      packages: installed.packages,
      kept: '',
      now: 'third',
    });
    expect(report.facts.get('cmdline')).toContain(' livesys.persistence=off ');
    // Nothing was written to any part of the disk, which has what the session before kept.
    expect(report.mediumUnchanged).toBe(true);
    expect(await keptOnData()).toBe('second\n');
  });
});
