import { execFileSync, spawnSync } from 'node:child_process';
import {
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { makeDisk, makeHybridIso, MIB } from '../../../../test/support/media.ts';
import { partOf } from './bytes.ts';
import { changeGpt, usableEnd } from './gpt-edit.ts';
import { DATA_TYPE, type Gpt, readGpt } from './gpt.ts';

const ID = '99999999-8888-4777-8666-555555555555';

let folder = '';
let images: Readonly<Record<'iso' | 'disk', string>>;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'livesys-gpt-edit-'));
  images = { iso: makeHybridIso(folder, 'image'), disk: makeDisk(folder, 'image') };
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const headOf = (kind: 'iso' | 'disk') => readFileSync(images[kind]).subarray(0, MIB);

/** The table of a disk that is all zeros but for its ends. */
async function reread(bytes: number, { head, tail }: ReturnType<typeof changeGpt>) {
  const disk = {
    size: bytes,
    read: async (offset: number, length: number) =>
      offset >= tail.offset
        ? Buffer.from(tail.bytes.subarray(offset - tail.offset, offset - tail.offset + length))
        : Buffer.from(head.subarray(offset, offset + length)),
  };
  const first = (await readGpt(disk)) as Gpt;
  const headless = {
    ...partOf(disk, 0, bytes),
    read: (offset: number, length: number) =>
      offset === 512 ? Promise.resolve(Buffer.alloc(length)) : disk.read(offset, length),
  };
  return { first, copy: (await readGpt(headless)) as Gpt };
}

describe.each(['iso', 'disk'] as const)('the table of an image, %s,', (kind) => {
  const size = () => statSync(images[kind]).size;
  const dataFor = (bytes: number, before: Gpt) => {
    const present = before.partitions.find(({ type }) => type === DATA_TYPE);
    const offset = present?.offset ?? Math.ceil(size() / MIB) * MIB;
    const end = Math.floor(usableEnd(before.header, bytes) / MIB) * MIB;
    return { offset, length: end - offset, id: ID };
  };

  it('fits a disk of any size, both copies alike, and keeps what was there', async () => {
    const head = headOf(kind);
    const { first: before } = await reread(size(), { head, tail: { offset: size(), bytes: head } });
    const others = before.partitions.filter(({ type }) => type !== DATA_TYPE);
    const sizes = fc.oneof(
      fc.integer({ min: size() + 65 * MIB, max: size() + 100 * MIB }),
      fc.integer({ min: 2 ** 30, max: 2 ** 44 }),
    );
    await fc.assert(
      fc.asyncProperty(sizes, async (some) => {
        const bytes = Math.floor(some / 512) * 512;
        const data = dataFor(bytes, before);
        const { first, copy } = await reread(bytes, changeGpt(head, { bytes, data }));
        const { number } = first.partitions.find(({ type }) => type === DATA_TYPE) ?? { number: 0 };

        expect(first.disk).toBe(before.disk);
        expect(first.partitions.filter((one) => one.number !== number)).toEqual(others);
        expect(first.partitions).toContainEqual(
          expect.objectContaining({
            offset: data.offset,
            length: data.length,
            name: 'LIVESYS-DATA',
          }),
        );
        expect(copy.partitions).toEqual(first.partitions);
        expect([first.header.own, copy.header.own]).toEqual([1, bytes / 512 - 1]);
      }),
    );
  });

  it('is sound for other programs, and boot code and active entry stay', async () => {
    const bytes = size() + 80 * MIB;
    const path = join(folder, `${kind}-grown`);
    execFileSync('cp', [images[kind], path]);
    truncateSync(path, bytes);
    const head = headOf(kind);
    const { first: before } = await reread(size(), { head, tail: { offset: size(), bytes: head } });
    const changed = changeGpt(head, { bytes, data: dataFor(bytes, before) });
    const file = openSync(path, 'r+');
    writeSync(file, changed.head, 0, MIB, 0);
    writeSync(file, changed.tail.bytes, 0, changed.tail.bytes.length, changed.tail.offset);

    const { stdout, stderr } = spawnSync('sfdisk', ['--verify', path], { encoding: 'utf8' });
    expect(stdout + stderr).toMatch(/No errors detected/);
    const dump = execFileSync('sfdisk', ['--dump', path], { encoding: 'utf8' });
    expect(dump).toMatch(/type=4C495645-5359-5344-4154-410A7B3D5E91.*name="LIVESYS-DATA"/);
    const boot = (of: Buffer) => [of.subarray(0, 446), of[0x1be], of[0x1ce]];
    expect(boot(readFileSync(path))).toEqual(boot(head));
  });

  it('is not changed where there is no room or no sound table', () => {
    const head = headOf(kind);
    const damaged = Buffer.from(head);
    damaged[600] = ~damaged[600]! & 0xff;
    const bytes = size() + 80 * MIB;

    expect(() => changeGpt(damaged, { bytes })).toThrow(/its GPT is damaged/);
    expect(() => changeGpt(head, { bytes: 2 * MIB })).toThrow(/GPT is damaged/);
  });
});
