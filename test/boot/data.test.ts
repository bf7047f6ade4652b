import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { holdBudget } from './support/budget.ts';
import { type CaseResult, runCases } from './support/cases/cases.ts';
import { makeFileSystem, makeMedium } from './support/cases/medium.ts';
import { expectCleanImages } from './support/clean-images.ts';
import { hashFile } from './support/decoy.ts';
import { partitionedDisk } from './support/partitioned-disk.ts';
import { run } from './support/run.ts';

// Where changes go when there is more than one place for them, and what Debian's kernel says to
// file systems that a builder's kernel may not have.

const ON_IMAGE = 'livesys.data=LABEL=CARRIER:/live/changes.img';
const UNATTENDED = 'livesys.persistence.on-error=temporary';
const SHOW = 'echo "kept=$(cat sysroot/kept 2>/dev/null)"';
const KEEP = (word: string) => `${SHOW}; echo ${word} >sysroot/kept`;

let folder = '';
let disks: Record<string, string> = {};
let results: Record<string, CaseResult> = {};
const untouched: Record<string, string> = {};

holdBudget('data', 2, async () => {
  folder = mkdtempSync(join(tmpdir(), 'livesys-data-'));
  const at = (name: string): string => join(folder, name);
  for (const name of ['empty', 'carrier/live', 'medium']) mkdirSync(at(name), { recursive: true });
  makeMedium(at('medium'), { layers: [{ name: 'a' }, { name: 'b' }], persist: ['all'] });
  const layers = makeFileSystem(at('layers.img'), 'iso9660', at('medium'));
  const data = makeFileSystem(at('data.img'), 'ext4', at('empty'), { label: 'LIVESYS-DATA' });
  const esp = makeFileSystem(at('esp.img'), 'vfat', at('carrier'), { label: 'ESP' });
  run(['mke2fs', '-q', '-t', 'ext4', at('carrier/live/changes.img'), '8M']);
  disks = {
    disk: partitionedDisk(at('disk.img'), [
      { name: 'EFI', type: 'esp', image: esp },
      { name: 'LIVESYS-LAYERS', type: 'linux', image: layers },
      { name: 'LIVESYS-DATA', type: 'data', image: data },
    ]),
    // Of the right type and name, on the wrong disk.
    foreign: partitionedDisk(at('foreign.img'), [
      { name: 'LIVESYS-DATA', type: 'data', image: data },
    ]),
    carrier: makeFileSystem(at('carrier.img'), 'vfat', at('carrier'), { label: 'CARRIER' }),
    disc: layers,
  };
  disks['twin'] = at('twin.img');
  copyFileSync(disks['disk'] ?? '', disks['twin']);
  for (const name of ['foreign', 'twin', 'disc'])
    untouched[name] = await hashFile(disks[name] ?? '');
});
beforeAll(async () => {
  const all = ['disk', 'foreign'];
  results = await runCases(folder, disks, {
    first: { sees: ['foreign', 'disk'], after: KEEP('first') },
    second: { sees: ['foreign', 'disk'], after: KEEP('second') },
    twins: { sees: ['disk', 'twin'], after: SHOW },
    off: { sees: all, arguments: 'livesys.persistence=off', after: KEEP('off') },
    'image 1': { sees: ['disc', 'carrier'], arguments: ON_IMAGE, after: KEEP('image') },
    'image 2': { sees: ['disc', 'carrier'], arguments: ON_IMAGE, after: SHOW },
    vfat: {
      sees: ['disc', 'carrier'],
      arguments: `livesys.data=LABEL=CARRIER ${UNATTENDED}`,
    },
    iso9660: {
      sees: ['disc', 'carrier'],
      arguments: `livesys.data=LABEL=LIVESYS ${UNATTENDED}`,
    },
    third: {
      sees: ['disk'],
      after: `${SHOW}; head -c 64M /dev/zero 2>&1 >sysroot/full | grep -q 'No space left' && echo full=yes`,
    },
    full: { sees: ['disk'], arguments: 'livesys.persistence.on-error=readonly', after: KEEP('no') },
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function assembled(name: string): CaseResult {
  const found = results[name];
  if (found?.status !== 0) throw new Error(found?.said ?? `no case ${name}`);
  expect(found.stderr).toBe('');
  return found;
}

describe('changes are kept', () => {
  it("on the medium's own disk, though another one has a DATA too", () => {
    const { state } = assembled('first');
    expect(state).toMatchObject({ persistence: 'on', data_device: '/dev/ubdb3' });
    expect(assembled('second').facts['kept']).toBe('first');
    expect(assembled('off').facts['kept']).toBe('');
    expect(assembled('third').facts['kept']).toBe('second');
  });

  it('on the disk of the medium that was chosen of two', () => {
    const { said, state, facts } = assembled('twins');
    expect(said).toMatch(/E21 several media hold this image: ubdb2 ubdf2; ubdb2 is used/);
    expect(state['data_device']).toBe('/dev/ubdb3');
    expect(facts['kept']).toBe('second');
  });

  it('in an image file on FAT', () => {
    expect(assembled('image 1').state).toMatchObject({ persistence: 'on', data_fs: 'ext4' });
    expect(assembled('image 2').facts['kept']).toBe('image');
  });
});

describe('changes are not kept', () => {
  it('where DATA filled up: programs were told, and what was there is still seen', () => {
    expect(assembled('third').facts['full']).toBe('yes');
    const { state, facts, said } = assembled('full');
    expect(state).toMatchObject({ persistence: 'readonly', persistence_error: 'E45' });
    expect(facts['kept']).toBe('second');
    expect(said).toContain('E45 stored changes are shown, new ones are kept in memory only');
  });

  it.each(['vfat', 'iso9660'])('on %s itself: E42 with its name', (type) => {
    const { said, state } = assembled(type);
    expect(state).toMatchObject({ persistence: 'off', persistence_error: 'E42' });
    expect(said).toMatch(new RegExp(`E42 changes are kept in memory only: .*${type}`));
  });
});

it('no other disk was written, and all are clean', async () => {
  for (const [name, hash] of Object.entries(untouched)) {
    expect(await hashFile(disks[name] ?? '')).toBe(hash);
  }
  await expectCleanImages(disks['disk'] ?? '', disks['carrier'] ?? '');
  const image = join(folder, 'changes.img');
  run(['mcopy', '-i', disks['carrier'] ?? '', '::/live/changes.img', image]);
  await expectCleanImages(image);
});
