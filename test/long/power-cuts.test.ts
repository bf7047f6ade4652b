import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, expect, it } from 'vitest';

import { buildImage } from '../boot/support/image.ts';
import { cutPowerWhileInstalling, type PowerCut } from '../boot/support/power-cuts.ts';
import { Stick } from '../boot/support/stick.ts';

const RESULTS = fileURLToPath(new URL('../../bench/results/power-cuts.json', import.meta.url));
/** Fewer only to try the program itself. */
const CUTS = Number(process.env['LIVESYS_POWER_CUTS'] ?? 30);
/** After so many the next stick begins, from new. */
const CUTS_OF_A_STICK = 6;

let folder = '';
const cuts: PowerCut[] = [];

/** The same moments for the same seed, as far as the machine is as fast: mulberry32. */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'livesys-long-'));
  const image = buildImage('trixie', 'stick');
  const random = seededRandom(Date.now());
  while (cuts.length < CUTS) {
    const stick = await Stick.copy(image, folder);
    const at = join(folder, String(cuts.length));
    const count = Math.min(CUTS_OF_A_STICK, CUTS - cuts.length);
    cuts.push(...(await cutPowerWhileInstalling(stick, at, count, random)));
    // What has been seen is kept, should a later one fail.
    writeResults();
    process.stderr.write(`${cuts.length} of ${CUTS} power cuts\n`);
    stick.remove();
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('no synced file is lost in any power cut, and all packages can be mended', () => {
  const { lost, broken } = writeResults();
  expect(cuts).toHaveLength(CUTS);
  expect(lost).toEqual([]);
  expect(broken).toBe(0);
});

function writeResults() {
  const summary = {
    cuts: cuts.length,
    synced: cuts.reduce((sum, { synced }) => sum + synced, 0),
    lost: cuts.flatMap(({ lost }) => lost),
    broken: cuts.filter(({ broken }) => broken !== '').length,
    recovered: cuts.filter(({ recovered }) => recovered).length,
    note: 'QEMU is killed: what the guest kept in memory is lost, what it handed to its disk is not.',
  };
  writeFileSync(RESULTS, `${JSON.stringify(summary, undefined, 2)}\n`);
  return summary;
}
