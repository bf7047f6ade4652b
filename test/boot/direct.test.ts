import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { holdBudget } from './support/budget.ts';
import { damagedCopy } from './support/damage.ts';
import { directKernel } from './support/direct.ts';
import { expectLive } from './support/expect-live.ts';
import { Guest } from './support/guest.ts';
import { buildImage } from './support/image.ts';

/** Seconds on a machine with KVM. */
const BOOT = 50;
const FAILURE = 40;
/** An argument for dracut, which changes nothing, leaves the boot to it. */
const BY_DRACUT = 'rd.retry=180';

/** It greets in this way where it is the first process, in either release. */
const SYSTEMD_OF_BOOT_IMAGE = /\(Initramfs\)|Booting initrd of dracut/;

let bookworm = '';
let trixie = '';
let damaged = '';
let folder = '';
let guest: Guest | undefined;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'livesys-direct-'));
});
holdBudget('direct', 13, async () => {
  bookworm = buildImage('bookworm');
  trixie = buildImage('trixie');
  damaged = await damagedCopy(bookworm, folder, {
    desktop: 'missing',
    site: 'truncated',
    repair: 'flipped',
  });
});
afterEach(async () => {
  await guest?.dispose();
  guest = undefined;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function start(iso: string, append: string, as: 'cdrom' | 'usb' = 'cdrom'): Promise<Guest> {
  const direct = await directKernel(iso, folder, append);
  guest = await Guest.start({ medium: { file: iso, as }, direct });
  return guest;
}

/** Boots into a failure: the machine goes off by itself and has touched nothing. */
async function fail(iso: string, append: string): Promise<string> {
  const report = await (await start(iso, append)).finish(FAILURE);
  expect(report.exit).toEqual({ code: 0, signal: null });
  expect(report.facts.size).toBe(0);
  expect(report.changedDecoys).toEqual([]);
  expect(report.mediumUnchanged).toBe(true);
  expect(report.console).toContain('LIVESYS: next: ');
  return report.console;
}

describe('a boot without firmware', () => {
  it('shows the layers of the profile and a temporary layer of the size asked for', async () => {
    const running = await start(
      bookworm,
      'livesys.profile=rescue livesys.overlay-size=64M livesys.verify=full',
    );
    const report = await running.expectBooted(BOOT);

    expectLive(report, {
      profile: 'rescue',
      layers: ['base', 'repair', 'probe', 'fixups-rescue'],
      overlay: { asked: '64M', kib: 65_536 },
    });
    expect(Object.fromEntries(report.facts)).toMatchObject({
      'extra.marker': 'repair',
      'extra.gdisk': '/usr/sbin/gdisk',
      'extra.tree.differences': '',
      'state.verify': 'full',
    });
    expect(report.console).not.toMatch(SYSTEMD_OF_BOOT_IMAGE);
    expect(report.facts.get('extra.tree.names')).toContain('deleted-file');
  });

  it('mounts the root of the next release, by hooks of dracut where it is asked for something', async () => {
    const report = await (await start(trixie, BY_DRACUT, 'usb')).expectBooted(BOOT);

    expectLive(report, { profile: 'live', layers: ['base', 'probe', 'fixups'] });
    // The boot image has all that it takes to check blocks as they are read.
    expect(report.facts.get('state.verify')).toBe('lazy');
    expect(report.console).toMatch(SYSTEMD_OF_BOOT_IMAGE);
  });
});

describe('a boot that cannot go on', () => {
  it('without a medium of its image names every device it saw', async () => {
    const other = '01234567-89ab-cdef-0123-456789abcdef';
    const console = await fail(bookworm, `root=livesys:${other} livesys.timeout=5`);

    expect(console).toContain(`LIVESYS: FAIL code=E20 stage=medium image=${other}`);
    expect(console).toMatch(/LIVESYS: .*\bsr0\b.*another image: /);
    expect(console).toMatch(/LIVESYS: .*\bvda\b/);
    expect(console).toMatch(/waited [5-7] s/);
  });

  it('with an unknown profile names those there are', async () => {
    const console = await fail(bookworm, 'livesys.profile=resque');

    expect(console).toContain('LIVESYS: FAIL code=E32');
    expect(console).toContain('did you mean "rescue"?');
    expect(console).toMatch(/profiles on this medium: live rescue/);
  });

  it('with layers missing or cut names each of them', async () => {
    const console = await fail(damaged, 'livesys.profile=live');

    expect(console).toContain('LIVESYS: FAIL code=E33');
    expect(console).toMatch(/layer desktop: layers\/desktop-\w{16}\.squashfs is missing/);
    expect(console).toMatch(/layer site: \S+ has \d+ bytes instead of \d+/);
    expect(console).not.toMatch(/layer repair:/);
  });

  it('with one bit of a layer flipped finds it when asked to look', async () => {
    const console = await fail(damaged, 'livesys.profile=rescue livesys.verify=full');

    expect(console).toContain('LIVESYS: FAIL code=E34');
    expect(console).toMatch(/layer repair: expected [0-9a-f]{64}, found [0-9a-f]{64}/);
    expect(console).not.toMatch(/READY/);
  });
});
