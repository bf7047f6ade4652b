import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { holdBudget } from './support/budget.ts';
import { type CaseResult, runCases } from './support/cases/cases.ts';
import { LOAD_SCSI_DISK } from './support/cases/scsi-disk.ts';
import { makeFileSystem, makeMedium } from './support/cases/medium.ts';
import { hashFile } from './support/decoy.ts';

// The boot code in a private kernel with Debian's drivers: real disks, one case after the other.

const OTHER = 'fedcba98-7654-3210-fedc-ba9876543210';
const FILE_SYSTEMS = ['ext4', 'vfat', 'iso9660', 'squashfs', 'erofs'] as const;
const SHOW = `
  echo "top=$(cat sysroot/top)"
  echo "only=$(echo $(ls sysroot/only))"
  echo "long=$(sha256sum <sysroot/long)"
  echo "written=$(touch sysroot/new && echo yes)"
  echo "carrier=$(awk '$5 == "/run/case/run/initramfs/livesys/carrier" { print $6 }' /proc/self/mountinfo)"`;
/** Seconds after which a stick is plugged in; it is blank at first, as a slow one seems to be. */
const PLUGGED_IN = 25;
const PLUG_IN_LATE = `
  (
    sleep ${PLUGGED_IN}
    ${LOAD_SCSI_DISK}
    ln -s "$(readlink -f /sys/class/block/sda)" "$root/sys/class/block/sda"
    sleep 2
    dd if=$vfat of=/dev/sda bs=1M conv=fsync 2>/dev/null
  ) >/dev/null 2>&1 &`;
const LATE = `${SHOW}
  umount -R sysroot run/initramfs/livesys/*/* run/initramfs/livesys/* 2>/dev/null
  busybox rmmod scsi_debug`;
const MIXED = ['gzip', 'xz', 'zstd', 'lz4', 'erofs'] as const;
/** Fills several clusters of an EROFS; only the layer with that format has it. */
const LONG = Array.from({ length: 80_000 }, (_, number) => `${number * 7919}\n`).join('');

let folder = '';
let results: Record<string, CaseResult> = {};
const disks: Record<string, string> = {};
const hashes: Record<string, string> = {};

holdBudget('media', 3, async () => {
  folder = mkdtempSync(join(tmpdir(), 'livesys-media-'));
  const at = (name: string): string => join(folder, name);
  makeMedium(at('mixed'), {
    layers: MIXED.map((compression) => ({
      name: `l.${compression}-1_x`,
      compression,
      ...(compression === 'erofs' ? { files: { long: LONG } } : {}),
    })),
    profiles: {
      all: MIXED.map((name) => `l.${name}-1_x`),
      turned: MIXED.toReversed().map((name) => `l.${name}-1_x`),
    },
  });
  for (const type of FILE_SYSTEMS)
    disks[type] = makeFileSystem(at(`${type}.img`), type, at('mixed'));
  makeMedium(at('foreign'), { image: OTHER, layers: [{ name: 'foreign' }] });
  disks['foreign'] = makeFileSystem(at('foreign.img'), 'ext4', at('foreign'));
  disks['copy'] = at('copy.img');
  copyFileSync(disks['ext4'] ?? '', disks['copy']);
  for (const type of ['ext4', 'vfat'] as const) {
    mkdirSync(at(`on-${type}/isos`), { recursive: true });
    copyFileSync(disks['iso9660'] ?? '', at(`on-${type}/isos/live.iso`));
    disks[`on${type}`] = makeFileSystem(at(`on-${type}.img`), type, at(`on-${type}`), {
      label: 'CARRIER',
      uuid: OTHER,
    });
  }
  for (const [name, file] of Object.entries(disks)) hashes[name] = await hashFile(file);
});
beforeAll(async () => {
  results = await runCases(folder, disks, {
    ...Object.fromEntries(FILE_SYSTEMS.map((type) => [type, { sees: [type], after: SHOW }])),
    turned: { sees: ['vfat'], arguments: 'livesys.profile=turned', after: SHOW },
    lookalike: { sees: ['foreign', 'ext4'], after: SHOW },
    lookalikeOnly: { sees: ['foreign'] },
    twins: { sees: ['ext4', 'copy'], after: SHOW },
    twinsTurned: { sees: ['copy', 'ext4'], after: SHOW },
    strict: { sees: ['ext4', 'copy'], arguments: 'livesys.strict' },
    named: { sees: ['ext4', 'copy'], arguments: 'livesys.medium=${copy}', after: SHOW },
    isoOnExt4: {
      sees: ['foreign', 'onext4'],
      arguments: 'livesys.iso=/isos/live.iso',
      after: SHOW,
    },
    isoOnFat: { sees: ['onvfat'], arguments: 'iso-scan/filename=/isos/live.iso', after: SHOW },
    late: { sees: [], arguments: 'livesys.timeout=60', before: PLUG_IN_LATE, after: LATE },
    isoAbsent: { sees: ['onvfat', 'onext4'], arguments: 'livesys.iso=/isos/other.iso' },
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function result(name: string): CaseResult {
  const found = results[name];
  if (!found) throw new Error(`no case ${name}`);
  expect({ stderr: found.stderr, canary: found.canary }).toEqual({ stderr: '', canary: false });
  return found;
}

/** It came up; gives what it came up from. */
function assembled(name: string): CaseResult {
  const found = result(name);
  if (found.status !== 0) throw new Error(found.said);
  expect(found.facts['written']).toBe('yes');
  return found;
}

describe('a medium', () => {
  it.each(FILE_SYSTEMS)('on %s is found and mounted', (type) => {
    const { state, facts } = assembled(type);
    expect(state['medium_fs']).toBe(type);
    expect(facts['top']).toBe('l.erofs-1_x');
    expect(facts['only']?.split(' ')).toHaveLength(MIXED.length);
  });

  it('may have squashfs of every compression and EROFS in one stack, in any order', () => {
    expect(assembled('turned').facts['top']).toBe('l.gzip-1_x');
    expect(result('turned').said).toContain(`layers=${MIXED.length}`);
    const hash = createHash('sha256').update(LONG).digest('hex');
    expect(result('turned').facts['long']).toBe(`${hash}  -`);
  });

  it('is told from one with the same label and id by its image', () => {
    const { state, facts, said } = assembled('lookalike');
    expect(facts['top']).toBe('l.erofs-1_x');
    expect(said).not.toContain('E21');
    expect(state['medium_device']).toBe('/dev/ubdb');
    const only = result('lookalikeOnly');
    expect(only.said).toContain('FAIL code=E20');
    expect(only.said).toContain(`another image: ${OTHER}`);
  });

  it('that is plugged in late is waited for', () => {
    const { facts, said, state } = assembled('late');
    expect(facts['top']).toBe('l.erofs-1_x');
    expect(state['medium_device']).toBe('/dev/sda');
    const waited = Number(/stage=medium .*waited=(\d+)/.exec(said)?.[1]);
    expect(waited).toBeGreaterThanOrEqual(PLUGGED_IN);
    expect(said).not.toContain('FAIL');
  });

  it('of which there is a copy is chosen the same way each time, and both are named', () => {
    for (const name of ['twins', 'twinsTurned']) {
      const { said, state } = assembled(name);
      expect(said).toMatch(/E21 several media hold this image: (\w+) (\w+); \1 is used/);
      expect(state['medium_device']).toBe('/dev/ubdb');
    }
    expect(result('strict').said).toMatch(/FAIL code=E21 [^]*ubdb ubdh/);
    expect(assembled('named').state['medium_device']).toBe('/dev/ubdh');
  });
});

describe('an image that lies as a file on another disk', () => {
  it.each([
    ['isoOnExt4', 'ext4'],
    ['isoOnFat', 'vfat'],
  ])('boots: %s', (name) => {
    const { state, facts } = assembled(name);
    expect(state['medium_iso']).toBe('/isos/live.iso');
    expect(facts['top']).toBe('l.erofs-1_x');
    expect(facts['carrier']).toMatch(/^ro,/);
  });

  it('is E22 when no disk has it', () => {
    expect(result('isoAbsent').said).toMatch(/FAIL code=E22 [^]*no file \/isos\/other\.iso/);
  });
});

it('no disk was written', async () => {
  for (const [name, file] of Object.entries(disks)) expect(await hashFile(file)).toBe(hashes[name]);
});
