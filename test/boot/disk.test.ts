import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, afterEach, expect, it } from 'vitest';

import { holdBudget } from './support/budget.ts';
import { Guest } from './support/guest.ts';
import { buildImage, runLivesys } from './support/image.ts';
import { run } from './support/run.ts';

/** Seconds from power on to power off on a machine with KVM. */
const BOOT = 50;

/** A block that GRUB takes for its own, and that would do harm if more of it were taken than one name. */
const HOSTILE = `# GRUB Environment Block
livesys_profile=rescue"; halt; menuentry "
default=livesys-local-disk
timeout=-1
livesys_disk=hd9
livesys_profile=rescue
`.padEnd(1024, '#');

let folder = '';
let stick = '';
let guest: Guest | undefined;

holdBudget('disk', 4, async () => {
  folder = await mkdtemp(join(tmpdir(), 'livesys-disk-'));
  stick = buildImage('trixie', 'stick');
});
afterEach(async () => {
  await guest?.dispose();
  guest = undefined;
});
afterAll(async () => rm(folder, { recursive: true, force: true }));

/** Where the data partition lies, in bytes. */
function dataOffset(file: string): number {
  const found = /start= *(\d+), .*type=4C495645-/.exec(run(['sfdisk', '--dump', file]));
  return Number(found?.[1]) * 512;
}

it('a disk image boots where only signed loaders may start, as chosen last, whatever else GRUB finds there', async () => {
  const file = join(folder, 'chosen.img');
  run(['cp', '--sparse=always', stick, file]);
  runLivesys('medium', file, 'profile', 'use', 'rescue');
  const block = join(folder, 'block');
  await writeFile(block, HOSTILE);
  for (const command of ['rm /livesys/grubenv', `write ${block} /livesys/grubenv`])
    run(['debugfs', '-w', '-R', command, `${file}?offset=${dataOffset(file)}`]);

  guest = await Guest.start({ firmware: 'uefi-secure', medium: { file, as: 'usb' } });
  const { console, facts } = await guest.expectBooted(BOOT);

  // Of GRUB, and of everything after it.
  expect(console).not.toMatch(/^error: |I\/O error|\[FAILED\]/m);
  expect(Object.fromEntries(facts)).toMatchObject({
    firmware: 'uefi',
    'secure-boot': 'on',
    'state.medium_device': '/dev/sda3',
    'state.medium_fs': 'iso9660',
    'state.data_device': '/dev/sda4',
    'state.profile': 'rescue',
    'state.profile_source': 'selection',
    'state.persistence': 'off',
    'units.failed': '',
  });
  // GRUB knows the argument and took it because of the block on the data partition.
  expect(facts.get('cmdline')).toContain(' test.profile=rescue ');
  expect(facts.get('cmdline')).not.toMatch(/halt|livesys\.profile=/);
});
