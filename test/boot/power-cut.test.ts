import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { holdBudget } from './support/budget.ts';
import { buildImage } from './support/image.ts';
import { cutPowerWhileInstalling, type PowerCut } from './support/power-cuts.ts';
import { Stick } from './support/stick.ts';

// QEMU is killed: what the guest handed to its disk is there, what it kept in memory is lost.

const CUTS = 3;

let folder = '';
let image = '';
let cuts: readonly PowerCut[] = [];

holdBudget('power-cut', 11, async () => {
  folder = mkdtempSync(join(tmpdir(), 'livesys-power-'));
  image = buildImage('trixie', 'stick');
  await Promise.resolve();
});
beforeAll(async () => {
  const stick = await Stick.copy(image, folder);
  cuts = await cutPowerWhileInstalling(stick, folder, CUTS, Math.random);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('when the power is cut while packages install', () => {
  it('every file that was synced before is there afterwards', () => {
    expect(cuts.map(({ lost }) => lost)).toEqual(Array.from({ length: CUTS }, () => []));
    expect(Math.min(...cuts.map(({ synced }) => synced))).toBeGreaterThan(0);
  });

  it('the journal is recovered, and the session knows that the last one did not end', () => {
    for (const { recovered, unclean } of cuts) {
      expect({ recovered, unclean }).toEqual({ recovered: true, unclean: 'yes' });
    }
  });

  it('the packages can be mended', () => {
    expect(cuts.map(({ broken }) => broken)).toEqual(Array.from({ length: CUTS }, () => ''));
  });
});
