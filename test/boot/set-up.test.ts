import { createHash } from 'node:crypto';
import {
  closeSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, describe, expect, it } from 'vitest';

import { holdBudget } from './support/budget.ts';
import { type Case, type CaseResult, runCases } from './support/cases/cases.ts';
import { makeFileSystem, makeMedium } from './support/cases/medium.ts';
import { run } from './support/run.ts';

// A partition for changes on a stick that was started from, by a kernel with real partitions; and
// changes in an image file on FAT, the medium's own included.

const MEBIBYTE = 2 ** 20;
const DATA_TYPE = '4C495645-5359-5344-4154-410A7B3D5E91';
const SET_UP = 'livesys.setup-persistence';
/** What a BIOS needs of the first sector: code, and behind the entry of the GPT an active one. */
const BOOT_CODE = Buffer.alloc(440, 'boot code ');
const ACTIVE = Buffer.from('80000100000001000000000001000000', 'hex');

let folder = '';
let results: Record<string, CaseResult> = {};
const disks: Record<string, string> = {};
const before: Record<string, string> = {};

/** The answer of a person at a console, after a while. */
const types = (text: string) => `
  mkdir -p $root/sys/class/tty/console && echo person >$root/sys/class/tty/console/active
  rm -f /dev/person && mkfifo /dev/person && { sleep 2 && echo '${text}' >/dev/person; } &`;

/** An image for sticks as xorriso makes it: what ends at the image lies on a longer stick. */
function makeStick(name: string, table: string, mebibytes: number, image = 20): void {
  const file = join(folder, `${name}.img`);
  disks[name] = file;
  writeFileSync(file, '');
  truncateSync(file, image * MEBIBYTE);
  run(['sh', '-c', 'printf "$1" | sfdisk --quiet "$2"', 'sh', table, file]);
  run(['dd', `if=${join(folder, 'medium.iso')}`, `of=${file}`, 'bs=1M', 'seek=1', 'conv=notrunc']);
  const sector = Buffer.concat([
    BOOT_CODE,
    readBytes(file, 440, 22),
    ACTIVE,
    readBytes(file, 478, 34),
  ]);
  writeBytes(file, sector);
  truncateSync(file, mebibytes * MEBIBYTE);
  before[name] = hash(file, MEBIBYTE, 19 * MEBIBYTE);
}

function writeBytes(file: string, bytes: Uint8Array): void {
  const part = join(folder, 'part');
  writeFileSync(part, bytes);
  run(['dd', `if=${part}`, `of=${file}`, 'bs=512', 'count=1', 'conv=notrunc']);
}

function readBytes(file: string, offset: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  const descriptor = openSync(file, 'r');
  readSync(descriptor, bytes, 0, length, offset);
  closeSync(descriptor);
  return bytes;
}

const hash = (file: string, offset: number, length: number) =>
  createHash('sha256')
    .update(readBytes(file, offset, length))
    .digest('hex');

holdBudget('set-up', 3, async () => {
  folder = mkdtempSync(join(tmpdir(), 'livesys-set-up-'));
  makeMedium(join(folder, 'medium'), { layers: [{ name: 'a' }, { name: 'b' }] });
  makeFileSystem(join(folder, 'medium.iso'), 'iso9660', join(folder, 'medium'));
  const gpt = 'label: gpt\\nstart=1MiB,size=16MiB\\nstart=17MiB,size=2MiB,type=U\\n';
  for (const name of ['stick', 'unconfirmed']) makeStick(name, gpt, 256);
  makeStick('small', gpt, 100);
  makeStick('mbr', 'label: dos\\nstart=1MiB,size=16MiB\\n', 256);
  makeStick('taken', `${gpt}start=19MiB,size=64MiB,type=${DATA_TYPE}\\n`, 256, 100);
  makeFat('fat', true);
  makeFat('store', false);
  results = await runCases(folder, disks, cases());
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A FAT with an image file for changes, and perhaps with the medium itself. */
function makeFat(name: string, medium: boolean): void {
  const image = join(folder, 'changes.img');
  rmSync(image, { force: true });
  run(['mke2fs', '-q', '-t', 'ext4', image, '32M']);
  const content = join(folder, `${name}-content`);
  mkdirSync(content);
  copyFileSync(image, join(content, 'changes.img'));
  if (medium) run(['cp', '-r', join(folder, 'medium/livesys'), content]);
  disks[name] = makeFileSystem(join(folder, `${name}.img`), 'vfat', content, {
    mebibytes: 64,
    label: name.toUpperCase(),
  });
}

function cases(): Record<string, Case> {
  const keep = 'echo "kept=$(cat sysroot/file)"; echo kept >sysroot/file';
  return {
    noConsole: { sees: ['stick'], arguments: SET_UP },
    unconfirmed: { sees: ['unconfirmed'], arguments: SET_UP, before: types('y') },
    confirmed: { sees: ['stick'], arguments: SET_UP, before: types('yes'), after: keep },
    next: { sees: ['stick'], after: keep },
    again: { sees: ['stick'], arguments: SET_UP, before: types('yes'), after: keep },
    ...Object.fromEntries(
      ['small', 'mbr'].map((name) => [
        name,
        { sees: [name], arguments: SET_UP, before: types('yes') },
      ]),
    ),
    taken: { sees: ['taken'], arguments: SET_UP, before: types('yes'), after: keep },
    ...Object.fromEntries(
      [1, 2].flatMap((number) => [
        [
          `onFat${number}`,
          {
            sees: ['fat'],
            arguments: `livesys.persistence=on livesys.data=LABEL=FAT:/changes.img`,
            after: keep,
          },
        ],
        [
          `onStore${number}`,
          {
            sees: ['stick', 'store'],
            arguments: `livesys.persistence=on livesys.data=LABEL=STORE:/changes.img`,
            after: keep,
          },
        ],
      ]),
    ),
  };
}

function result(name: string): CaseResult {
  const found = results[name];
  if (!found) throw new Error(`no case ${name}`);
  expect({ stderr: found.stderr, said: found.status === 0 ? '' : found.said }).toEqual({
    stderr: '',
    said: '',
  });
  return found;
}

/** Nothing was set up, the boot went on, and the reason is told. */
function expectRefused(name: string, reason: RegExp): void {
  const { state } = result(name);
  expect(state['persistence']).toBe('off');
  expect(state['notice_1']).toMatch(reason);
}

function expectFirstSector(disk: string): void {
  const file = disks[disk] ?? '';
  expect(readBytes(file, 0, 440).equals(BOOT_CODE)).toBe(true);
  expect(readBytes(file, 462, 16).toString('hex')).toBe(ACTIVE.toString('hex'));
}

describe('setting up persistence', () => {
  it('is done at the word of a person, and goes on with it', () => {
    const { state, said, facts } = result('confirmed');
    expect(said).toMatch(/disk ubdb, 268MB: 2\d\dMB behind the image are free/);
    expect(state).toMatchObject({ persistence: 'on', data_device: '/dev/ubdb3', data_fs: 'ext4' });
    expect(facts['kept']).toBe('');
  });

  it('leaves a sound table, the boot sector and the image as they were', () => {
    const file = disks['stick'] ?? '';
    expectFirstSector('stick');
    expect(hash(file, MEBIBYTE, 19 * MEBIBYTE)).toBe(before['stick']);
    const table = run(['sfdisk', '--dump', file]);
    expect(table).toMatch(/start= +40960, .*name="LIVESYS-DATA"/);
    expect(table).toContain('last-lba: 524254');
    expect(run(['sfdisk', '--verify', file])).toContain('No errors detected');
    run(['e2fsck', '-fn', `${file}?offset=${20 * MEBIBYTE}`]);
  });

  it('lasts, also where the manifest keeps nothing by itself', () => {
    const { state, facts } = result('next');
    expect(state).toMatchObject({ persistence: 'on', persistence_error: '' });
    expect(facts['kept']).toBe('kept');
  });

  it.each([
    ['unconfirmed', /it was not confirmed with "yes"/],
    ['small', /has less than 128 MiB behind its last partition/],
    ['mbr', /has no GPT partition table/],
  ])('is refused, and nothing is written: %s', (name, reason) => {
    expectRefused(name, reason);
    expectFirstSector(name);
    const file = disks[name] ?? '';
    expect(hash(file, MEBIBYTE, 19 * MEBIBYTE)).toBe(before[name]);
    expect(run(['sfdisk', '--dump', file])).not.toContain('LIVESYS-DATA');
  });

  it('is refused where nobody can be asked', () => {
    expectRefused('noConsole', /nobody confirmed it/);
  });

  it('never makes a second one, and formats none that holds something', () => {
    const { state, facts } = result('again');
    expect(state['notice_1']).toMatch(
      /was not set up: the medium has a partition for changes already: ubdb3/,
    );
    expect(facts['kept']).toBe('kept');
  });

  it('formats one that has no file system', () => {
    const { state, said, facts } = result('taken');
    expect(said).toContain('has no file system that can be read');
    expect(state).toMatchObject({ persistence: 'on', data_device: '/dev/ubdf3' });
    expect(facts['kept']).toBe('');
  });
});

describe('an image file on FAT', () => {
  it.each(['onFat', 'onStore'])('keeps changes: %s', (name) => {
    for (const [number, kept] of [
      [1, ''],
      [2, 'kept'],
    ] as const) {
      const { state, facts } = result(`${name}${number}`);
      expect(state).toMatchObject({
        persistence: 'on',
        data_fs: 'ext4',
        data_inside: '/changes.img',
      });
      expect(facts['kept']).toBe(kept);
    }
  });

  it('is clean afterwards, and so is the FAT', () => {
    for (const name of ['fat', 'store']) {
      const image = join(folder, 'read-back.img');
      run(['mcopy', '-o', '-i', disks[name] ?? '', '::changes.img', image]);
      run(['e2fsck', '-fn', image]);
      run(['fsck.vfat', '-n', disks[name] ?? '']);
      expect(readFileSync(image)).toHaveLength(32 * MEBIBYTE);
    }
  });
});
