import { randomBytes } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { holdBudget } from './support/budget.ts';
import { type CaseResult, runCases } from './support/cases/cases.ts';
import { makeFileSystem, makeMedium } from './support/cases/medium.ts';
import { partitionedDisk } from './support/partitioned-disk.ts';

// Layers in memory: a private kernel has memory of its own to fill.

/** MiB that the layers have. */
const LARGE = 24;
const LOOK = `
  echo "top=$(cat sysroot/top)"
  cmp sysroot/noise $folder/../../../noise && echo noise=whole
  echo "mounts=$(grep -c -e ' /run/case/run/initramfs/livesys/medium ' -e '/carrier ' /proc/self/mountinfo)"
  echo "loops=$(losetup --list --noheadings --output BACK-FILE | grep -vc /ram/layers/)"`;
/** Leaves too little for the layers and what a system needs. */
const FILL = `
  mkdir hog && mount -t tmpfs -o size=4G hog hog
  free=$(sed -n 's/^MemAvailable: *\\([0-9]*\\) kB/\\1/p' /proc/meminfo)
  head -c "$((free / 1024 - 180))M" /dev/zero >hog/full`;

let folder = '';
let disks: Record<string, string> = {};
let results: Record<string, CaseResult> = {};

holdBudget('memory', 3, async () => {
  folder = mkdtempSync(join(tmpdir(), 'livesys-memory-'));
  const at = (name: string): string => join(folder, name);
  const noise = randomBytes(LARGE * 2 ** 20);
  writeFileSync(at('noise'), noise);
  makeMedium(at('medium'), {
    layers: [{ name: 'a' }, { name: 'b', files: { noise } }],
    persist: ['all'],
  });
  for (const name of ['empty', 'carrier']) mkdirSync(at(name));
  const disc = makeFileSystem(at('disc'), 'iso9660', at('medium'));
  const data = makeFileSystem(at('data'), 'ext4', at('empty'), { mebibytes: 64 });
  copyFileSync(disc, at('carrier/live.iso'));
  disks = {
    disc,
    stick: partitionedDisk(at('stick'), [
      { name: 'LIVESYS-LAYERS', type: 'linux', image: disc },
      { name: 'LIVESYS-DATA', type: 'data', image: data },
    ]),
    carrier: makeFileSystem(at('carrier.img'), 'ext4', at('carrier'), { mebibytes: 48 }),
    damaged: at('damaged'),
  };
  const bytes = readFileSync(disc);
  const place = bytes.indexOf(noise.subarray(2 ** 20, 2 ** 20 + 64));
  bytes[place] = (bytes[place] ?? 0) ^ 1;
  writeFileSync(at('damaged'), bytes);
  await Promise.resolve();
});
beforeAll(async () => {
  const words = 'livesys.toram';
  results = await runCases(folder, disks, {
    disc: { sees: ['disc'], arguments: words, after: LOOK },
    carrier: { sees: ['carrier'], arguments: `${words} livesys.iso=/live.iso`, after: LOOK },
    stick: { sees: ['stick'], arguments: words, after: `${LOOK}; touch sysroot/new` },
    damaged: { sees: ['damaged'], arguments: words },
    forced: { sees: ['disc'], arguments: words, before: FILL },
    auto: { sees: ['disc'], arguments: 'livesys.toram=auto', before: FILL, after: LOOK },
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function assembled(name: string): CaseResult {
  const found = results[name];
  if (found?.status !== 0) throw new Error(found?.said ?? `no case ${name}`);
  expect(found.stderr).toBe('');
  expect(found.facts).toMatchObject({ top: 'b', noise: 'whole' });
  return found;
}

describe('a system in memory', () => {
  it.each(['disc', 'carrier'])('needs its medium no more: %s', (name) => {
    const { state, facts, said } = assembled(name);
    expect(state).toMatchObject({ toram: 'yes', medium: 'released', verify: 'full' });
    expect(facts).toMatchObject({ mounts: '0', loops: '0' });
    expect(said).toContain('you may remove the medium now');
    expect(said).toContain('toram=yes');
  });

  it('leaves the medium in place where changes are kept on it, and says so', () => {
    const { state, said } = assembled('stick');
    expect(state).toMatchObject({ toram: 'yes', medium: 'attached', persistence: 'on' });
    expect(said).toContain('changes are kept on the medium: leave it in place');
    expect(said).not.toContain('you may remove');
  });

  it('is made of what was copied: damage is found in the copy', () => {
    const { said = '' } = results['damaged'] ?? {};
    expect(said).toMatch(/FAIL code=E34 [^]*layer b: expected \w{64}, found \w{64}/);
  });
});

describe('with too little memory', () => {
  it('fails with what is needed and there, when asked for', () => {
    const { said = '' } = results['forced'] ?? {};
    const [, need, have] = /FAIL code=E31 [^]*need (\d+) MiB, have (\d+) MiB/.exec(said) ?? [];
    expect(Number(need)).toBeGreaterThan(LARGE + 256);
    expect(Number(have)).toBeLessThan(Number(need));
  });

  it('starts from the medium where it may choose, and says so', () => {
    const { state, said } = assembled('auto');
    expect(state).toMatchObject({ toram: 'no', medium: 'attached' });
    expect(said).toMatch(/do not fit into memory, the medium stays in use: need \d+ MiB, have \d+/);
  });
});
