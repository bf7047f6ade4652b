import {
  closeSync,
  copyFileSync,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
  truncateSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, afterEach, expect, it } from 'vitest';

import { holdBudget } from './support/budget.ts';
import { directKernel } from './support/direct.ts';
import { Guest } from './support/guest.ts';
import { buildImage } from './support/image.ts';
import { run } from './support/run.ts';

/** Seconds on a machine with KVM. */
const BOOT = 60;
const QUESTION = 40;
const MEBIBYTE = 2 ** 20;
/** Behind the entry of the GPT, the one that some firmware wants to be active. */
const ACTIVE_ENTRY = 462;

let folder = '';
let iso = '';
let stick = '';
let guest: Guest | undefined;

holdBudget('console', 6, async () => {
  iso = buildImage('trixie');
  folder = mkdtempSync(join(tmpdir(), 'livesys-console-'));
  stick = join(folder, 'stick.img');
  copyFileSync(iso, stick);
  truncateSync(stick, 768 * MEBIBYTE);
  await Promise.resolve();
});
afterEach(async () => {
  await guest?.dispose();
  guest = undefined;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function readBytes(offset: number, length: number): string {
  const bytes = Buffer.alloc(length);
  const descriptor = openSync(stick, 'r');
  readSync(descriptor, bytes, 0, length, offset);
  closeSync(descriptor);
  return bytes.toString('hex');
}

it('a person at a real console types yes and gets a place for changes, then presses one key and is heard', async () => {
  const before = readBytes(ACTIVE_ENTRY, 50);
  // Changes cannot be kept where firmware keeps its loaders, so there is a second question.
  const append = 'livesys.setup-persistence livesys.data=/dev/sda2';
  const direct = await directKernel(iso, folder, append);
  guest = await Guest.start({ medium: { file: stick, as: 'usb', writes: 'keep' }, direct });
  await guest.waitFor(/disk sda \(.+\), 80\dMB: 5\d\dMB behind the image are free/, QUESTION);
  await guest.waitFor(/60 s left; without an answer nothing is changed/, QUESTION);
  await guest.type('yes\r');
  await guest.waitFor(/E42 sda2 has vfat/, QUESTION);
  await guest.waitFor(/15 s left; without an answer: t/, QUESTION);
  await guest.type('t');
  const { facts, console } = await guest.expectBooted(BOOT);

  expect(console).not.toMatch(/\b5 s left; without an answer: t/);
  expect(Object.fromEntries(facts)).toMatchObject({
    'state.persistence': 'off',
    'state.persistence_asked': 'on',
    'state.persistence_error': 'E42',
    'units.failed': '',
  });
  expect(readBytes(ACTIVE_ENTRY, 50)).toBe(before);
  expect(run(['sfdisk', '--verify', stick])).toContain('No errors detected');
  const [, start] =
    /start= *(\d+),.*name="LIVESYS-DATA"/.exec(run(['sfdisk', '--dump', stick])) ?? [];
  run(['e2fsck', '-fn', `${stick}?offset=${Number(start) * 512}`]);
});
