import { afterEach, describe, expect, it } from 'vitest';

import { holdBudget } from './support/budget.ts';
import { expectChangedTree } from './support/changed-tree.ts';
import { runBoot } from './support/command.ts';
import { expectLive } from './support/expect-live.ts';
import { Guest, type GuestOptions } from './support/guest.ts';
import { buildImage } from './support/image.ts';

/** Seconds from power on to power off on a machine with KVM. */
const BOOT = 50;
/** Seconds that the command may take, without KVM. */
const COMMAND = 400;
const LIVE = {
  profile: 'live',
  layers: ['base', 'repair', 'desktop', 'site', 'probe', 'fixups'],
};

let bookworm = '';
let trixie = '';
let guest: Guest | undefined;

holdBudget('firmware', 20, async () => {
  bookworm = buildImage('bookworm');
  trixie = buildImage('trixie');
});
afterEach(async () => {
  await guest?.dispose();
  guest = undefined;
});

async function boot(options: GuestOptions) {
  guest = await Guest.start(options);
  return guest.expectBooted(BOOT);
}

describe('one ISO', () => {
  it.each([
    ['bios', 'cdrom', '/dev/sr0'],
    ['bios', 'usb', '/dev/sda1'],
    ['uefi', 'cdrom', '/dev/sr0'],
    ['uefi', 'usb', '/dev/sda1'],
  ] as const)('boots with %s as %s from %s', async (firmware, as, device) => {
    const report = await boot({ firmware, medium: { file: bookworm, as } });

    expectLive(report, LIVE);
    expect(report.facts.get('firmware')).toBe(firmware);
    expect(report.facts.get('state.medium_device')).toBe(device);
    expect(report.facts.get('state.medium_fs')).toBe('iso9660');
    expect(report.facts.get('kernel')).toMatch(/^6\.1\./);
    expectChangedTree(report.facts);
  });

  it('boots where only signed loaders may start', async () => {
    const report = await boot({ firmware: 'uefi-secure', medium: { file: bookworm, as: 'cdrom' } });

    expectLive(report, LIVE);
    expect(report.facts.get('secure-boot')).toBe('on');
    expect(report.facts.get('secure-boot.kernel')).toBe('Secure boot enabled');
  });
});

it('an ISO of the next release boots by `livesys boot`, with its console on standard output', async () => {
  const { code, stderr, report } = await runBoot([trixie, '--headless'], COMMAND);

  expect({ code, stderr }).toMatchObject({ code: 0 });
  expect(stderr).toContain('as a disc, BIOS');
  expectLive(report, { profile: 'live', layers: ['base', 'probe', 'fixups'] });
  expect(report.facts.get('kernel')).toMatch(/^6\.12\./);
  // The probe switches off when it is done, which may be before a login prompt shows.
  expect(report.console).toContain('GNU GRUB');
  expect(report.console).toContain('reboot: Power down');
});
