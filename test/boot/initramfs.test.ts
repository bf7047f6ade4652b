import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';

import { type Medium, openMedium } from '../../packages/cli/src/medium/medium.ts';
import { holdBudget } from './support/budget.ts';
import { directKernel } from './support/direct.ts';
import { expectLive } from './support/expect-live.ts';
import { Guest } from './support/guest.ts';
import { buildImage } from './support/image.ts';
import { extractLayer, unpackInitrd } from './support/unpack.ts';

/** Seconds on a machine with KVM. */
const BOOT = 50;
/** What must be the image's own, or start-up changes hands between two versions. */
const OWN = [
  'usr/lib/systemd/systemd',
  'usr/bin/udevadm',
  'usr/lib/x86_64-linux-gnu/libc.so.6',
  'usr/bin/mount',
];

let folder = '';
let medium: Medium;
let plain = '';
let guest: Guest | undefined;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'livesys-initramfs-'));
});
holdBudget('initramfs', 6, async () => {
  medium = await openMedium(buildImage('bookworm'));
  plain = buildImage('bookworm', 'plain');
});
afterEach(async () => {
  await guest?.dispose();
  guest = undefined;
});
afterAll(async () => {
  await medium.close();
  rmSync(folder, { recursive: true, force: true });
});

function run(program: string, argv: readonly string[]): Buffer {
  const { status, stdout, stderr } = spawnSync(program, argv, { maxBuffer: 1 << 28 });
  if (status !== 0) throw new Error(`${program} ${argv.join(' ')}: ${stderr.toString()}`);
  return stdout;
}

const hash = (content: Buffer): string => createHash('sha256').update(content).digest('hex');

it('the boot image holds the programs of the image, not of the builder', async () => {
  const root = await unpackInitrd(medium, folder);
  const base = await extractLayer(medium, 'base', folder);

  const inImage = OWN.map((path) => [path, hash(run('unsquashfs', ['-cat', base, path]))]);
  const inInitrd = OWN.map((path) => [path, hash(readFileSync(join(root, path)))]);
  expect(inInitrd).toEqual(inImage);
  expect(readdirSync(join(root, 'usr/lib/livesys'))).toContain('lib.sh');
});

it('no layer holds a boot image of the making of the distribution', async () => {
  for (const { name } of medium.manifest.layers) {
    const list = run('unsquashfs', ['-lc', await extractLayer(medium, name, folder)]).toString();
    expect(list.split('\n').filter((line) => /\/boot\/(initrd|initramfs)/.test(line))).toEqual([]);
  }
});

it('boots the same system without systemd in the boot image, from layers of erofs', async () => {
  const opened = await openMedium(plain);
  await opened.close();
  expect(new Set(opened.manifest.layers.map(({ format }) => format))).toEqual(new Set(['erofs']));
  // Without an argument for dracut it would not run at all.
  const direct = await directKernel(plain, folder, 'rd.retry=180');
  guest = await Guest.start({ medium: { file: plain, as: 'cdrom' }, direct });
  const report = await guest.expectBooted(BOOT);

  expectLive(report, {
    profile: 'live',
    layers: ['base', 'repair', 'desktop', 'site', 'probe', 'fixups'],
  });
  expect(report.console).not.toContain('initrd-switch-root');
});
