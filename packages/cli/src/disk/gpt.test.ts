import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type Bytes, FormatError, partOf } from './bytes.ts';
import { readGpt, SECTOR } from './gpt.ts';
import { decodeGuid, encodeGuid } from './guid.ts';

const MIB = 1024 ** 2;
const LINUX = '0fc63daf-8483-4772-8e79-3d69d8477de4';

let folder = '';
let disk = Buffer.alloc(0);
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'livesys-gpt-'));
  const path = join(folder, 'disk');
  writeFileSync(path, '');
  truncateSync(path, 16 * MIB);
  execFileSync('sfdisk', ['--quiet', path], {
    input: `label: gpt\nlabel-id: 11111111-2222-3333-4444-555555555555
start=2048, size=4096, type=${LINUX}, name="Größe"\nstart=8192, type=${LINUX}, size=64\n`,
  });
  disk = readFileSync(path);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const bytesOf = (buffer: Buffer): Bytes =>
  partOf(
    {
      size: buffer.length,
      read: async (offset, length) => Buffer.from(buffer.subarray(offset, offset + length)),
    },
    0,
    buffer.length,
  );

describe('a partition table', () => {
  it('that another program made is read', async () => {
    expect(await readGpt(bytesOf(disk))).toMatchObject({
      disk: '11111111-2222-3333-4444-555555555555',
      header: { own: 1, other: disk.length / SECTOR - 1 },
      partitions: [
        { number: 1, type: LINUX, name: 'Größe', offset: MIB, length: 2 * MIB },
        { number: 2, name: '', offset: 4 * MIB, length: 32_768 },
      ],
    });
  });

  it('is read from its copy when the first is damaged', async () => {
    const damaged = Buffer.from(disk).fill(0, 0, 64 * SECTOR);

    expect(await readGpt(bytesOf(damaged))).toMatchObject({
      header: { own: disk.length / SECTOR - 1, other: 1 },
      partitions: [{ number: 1 }, { number: 2 }],
    });
  });

  it('is nothing where there is none', async () => {
    for (const size of [0, 1, SECTOR, 2 * SECTOR, MIB]) {
      expect(await readGpt(bytesOf(Buffer.alloc(size)))).toBeUndefined();
    }
  });

  it('with any byte changed is never read as another table', async () => {
    const whole = await readGpt(bytesOf(disk));
    const { partitions } = whole ?? { partitions: [] };
    // The reserved rest of the sector behind the header is not part of the table.
    const place = fc.oneof(
      fc.integer({ min: SECTOR, max: SECTOR + 91 }),
      fc.integer({ min: 2 * SECTOR, max: 34 * SECTOR - 1 }),
    );
    await fc.assert(
      fc.asyncProperty(place, fc.integer({ min: 1, max: 255 }), async (at, change) => {
        const one = Buffer.from(disk.subarray(0, MIB));
        one[at] = (one[at] ?? 0) ^ change;
        expect(await readGpt(bytesOf(one))).toBeUndefined();
        const both = Buffer.from(disk);
        both[at] = one[at] ?? 0;
        expect((await readGpt(bytesOf(both)))?.partitions).toEqual(partitions);
      }),
    );
  });

  it('of arbitrary content is refused or read, and never a defect', async () => {
    const bytes = fc.uint8Array({ minLength: SECTOR, maxLength: 4 * SECTOR });
    await fc.assert(
      fc.asyncProperty(bytes, async (content) => {
        const header = Buffer.concat([Buffer.alloc(SECTOR), Buffer.from(content)]);
        header.write('EFI PART', SECTOR, 'latin1');
        await expect(readGpt(bytesOf(header))).resolves.toBeUndefined();
      }),
    );
  });
});

it('a GUID survives being stored', () => {
  fc.assert(
    fc.property(fc.uuid(), (id) => {
      expect(decodeGuid(encodeGuid(id))).toBe(id);
    }),
  );
});

it('a part of a disk ends where it ends', async () => {
  const part = partOf(bytesOf(Buffer.from('0123456789')), 2, 4);

  expect((await part.read(1, 3)).toString()).toBe('345');
  await expect(part.read(1, 4)).rejects.toThrow(FormatError);
});
