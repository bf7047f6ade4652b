import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, afterEach, describe, expect, it } from 'vitest';

import { makeAccount } from '../namespace/support/account.ts';
import { holdBudget } from './support/budget.ts';
import { hashFiles } from './support/compare.ts';
import { hashFile } from './support/decoy.ts';
import { expectChangedTree } from './support/changed-tree.ts';
import { directKernel } from './support/direct.ts';
import { buildElsewhere } from './support/elsewhere.ts';
import { expectLive } from './support/expect-live.ts';
import { Guest } from './support/guest.ts';
import { buildImage } from './support/image.ts';
import { packSource } from './support/source.ts';

/** Seconds on a machine with KVM. */
const BOOT = 50;

let folder = '';
let here = '';
let elsewhere = '';
let guest: Guest | undefined;

holdBudget('elsewhere', 6, async () => {
  if (process.getuid?.() !== 0) throw new Error('this test becomes another user: run it as root');
  here = buildImage('bookworm');
  // Not below /tmp, which every task sees as a folder of its own.
  folder = mkdtempSync('/var/cache/livesys-boot-');
  chmodSync(folder, 0o755);
  const archive = join(folder, 'source.tar');
  packSource(archive);
  elsewhere = buildElsewhere(folder, archive, makeAccount(folder));
});
afterEach(async () => {
  await guest?.dispose();
  guest = undefined;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('an image that another user built elsewhere from the same source', () => {
  it('is the same in every file and in every bit', async () => {
    expect(await hashFiles(elsewhere)).toEqual(await hashFiles(here));
    expect(await hashFile(elsewhere)).toBe(await hashFile(here));
  });

  it('boots and shows what its layers were while they were built', async () => {
    const direct = await directKernel(elsewhere, folder, 'livesys.verify=full');
    guest = await Guest.start({ medium: { file: elsewhere, as: 'usb' }, direct });
    const report = await guest.expectBooted(BOOT);

    expectLive(report, {
      profile: 'live',
      layers: ['base', 'repair', 'desktop', 'site', 'probe', 'fixups'],
    });
    expectChangedTree(report.facts);
  });
});
