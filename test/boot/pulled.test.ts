import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, afterEach, expect, it } from 'vitest';

import { holdBudget } from './support/budget.ts';
import { directKernel } from './support/direct.ts';
import { Guest } from './support/guest.ts';
import { buildImage } from './support/image.ts';

/** Seconds on a machine with KVM. */
const BOOT = 60;
/** From the pull to power off. */
const OFF = 60;
/** The name that QEMU has for the medium. */
const STICK = 'drive0-device';

let folder = '';
let trixie = '';
let guest: Guest | undefined;

holdBudget('pulled', 4, async () => {
  folder = mkdtempSync(join(tmpdir(), 'livesys-pulled-'));
  trixie = buildImage('trixie');
  await Promise.resolve();
});
afterEach(async () => {
  await guest?.dispose();
  guest = undefined;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('a system whose stick is pulled while it runs from it still goes off', async () => {
  guest = await Guest.start({
    medium: { file: trixie, as: 'usb' },
    direct: await directKernel(trixie, folder, 'livesys.verify=no'),
    job: {
      script: 'echo pull=now; until [ ! -e /sys/class/block/sda ]; do :; done; echo gone=yes',
    },
  });
  await guest.waitFor(/LIVESYS-TEST: pull=now/, BOOT * 2);
  const qemu = await guest.control();
  await qemu.execute('device_del', { id: STICK });
  qemu.disconnect();
  const report = await guest.finish(OFF);

  expect(report.exit).toEqual({ code: 0, signal: null });
  expect(report.facts.get('gone')).toBe('yes');
  expect(report.console).not.toMatch(/Kernel panic|Attempted to kill init/);
  expect(report.changedDecoys).toEqual([]);
});
