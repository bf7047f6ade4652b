import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, afterEach, expect, it } from 'vitest';

import { holdBudget } from './support/budget.ts';
import { directKernel } from './support/direct.ts';
import { expectLive } from './support/expect-live.ts';
import { Guest } from './support/guest.ts';
import { buildImage } from './support/image.ts';

/** Seconds on a machine with KVM. */
const BOOT = 60;
/** Seconds, everywhere. */
const READING = 20;

let guest: Guest | undefined;
let folder = '';
let iso = '';

holdBudget('toram', 5, async () => {
  folder = mkdtempSync(join(tmpdir(), 'livesys-toram-'));
  iso = buildImage('bookworm');
  await Promise.resolve();
});
afterEach(async () => {
  await guest?.dispose();
  guest = undefined;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('a stick can be pulled once the system is in memory, and every file can be read', async () => {
  const direct = await directKernel(iso, folder, 'livesys.toram livesys.profile=rescue');
  const script = `
    seconds() { cut -d . -f 1 /proc/uptime; }
    echo "stick=$(ls -d /sys/block/sd* 2>/dev/null | wc -l)"
    until=$(($(seconds) + ${READING})) times=0
    while [ "$times" -eq 0 ] || [ "$(seconds)" -lt "$until" ]; do
      echo 3 >/proc/sys/vm/drop_caches
      find / -xdev -type f -exec cat {} + 2>>errors >/dev/null
      times=$((times + 1))
    done
    echo "errors=$(wc -l <errors)"
    echo "times=$times"`;
  guest = await Guest.start({ medium: { file: iso, as: 'usb' }, direct, job: { script } });
  await guest.waitFor(/LIVESYS: the system is in memory: you may remove the medium now/, BOOT);
  const control = await guest.control();
  await control.execute('device_del', { id: 'drive0-device' });
  const report = await guest.expectBooted(2 * BOOT);

  expectLive(report, { profile: 'rescue', layers: ['base', 'repair', 'probe', 'fixups-rescue'] });
  expect(Object.fromEntries(report.facts)).toMatchObject({
    'state.toram': 'yes',
    'state.medium': 'released',
    'state.verify': 'full',
    stick: '0',
    errors: '0',
  });
  expect(Number(report.facts.get('times'))).toBeGreaterThan(0);
  expect(report.console).toContain('LIVESYS: exitrd verb=poweroff clean=yes');
});
