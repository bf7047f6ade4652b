import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PlanPartition } from '../../plan/model.ts';
import { showText } from '../../plan/text.ts';
import { appendFile, MIB } from './append-file.ts';
import { writePartitionTable } from './write-partition-table.ts';

let folder = '';
let image = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'livesys-append-'));
  image = join(folder, 'image');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const { signal } = new AbortController();
function file(name: string, content: string, size?: number): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  if (size !== undefined) truncateSync(path, size);
  return path;
}

describe('appendFile', () => {
  it('begins and ends at multiples of 1 MiB', async () => {
    file('image', 'head', MIB);
    await appendFile(file('one', 'first'), image, signal);
    await appendFile(file('two', 'second', MIB + 1), image, signal);
    const bytes = readFileSync(image);
    expect(bytes.length).toBe(4 * MIB);
    expect(bytes.toString('latin1', 0, 4)).toBe('head');
    expect(bytes.toString('latin1', MIB, MIB + 5)).toBe('first');
    expect(bytes.toString('latin1', 2 * MIB, 2 * MIB + 6)).toBe('second');
  });

  it('keeps holes', async () => {
    await appendFile(file('sparse', 'x', 64 * MIB), image, signal);
    expect(statSync(image).size).toBe(64 * MIB);
    expect(statSync(image).blocks * 512).toBeLessThan(4 * MIB);
  });

  it('stops when the build is interrupted', async () => {
    const one = file('one', 'first');
    await expect(appendFile(one, image, AbortSignal.abort())).rejects.toThrow('aborted');
  });
});

describe('writePartitionTable', () => {
  const part = (number: number, size: PlanPartition['size']): PlanPartition => ({
    number,
    type: '0FC63DAF-8483-4772-8E79-3D69D8477DE4',
    name: '',
    size,
  });
  const write = (id: string, partitions: readonly PlanPartition[]) =>
    writePartitionTable(image, {
      id,
      active: false,
      partitions,
      sizeOf: async (path) => statSync(showText(path)).size,
    });
  /** Sectors and GUID of a partition as the table says. */
  const entry = (number: number) => {
    const bytes = readFileSync(image).subarray(1024 + (number - 1) * 128);
    return {
      first: Number(bytes.readBigUInt64LE(32)),
      last: Number(bytes.readBigUInt64LE(40)),
      guid: bytes.toString('hex', 16, 32),
    };
  };

  it('gives one partition what the others leave, and adds room for the copy', async () => {
    const small = file('small', 'x');
    const data = file('data', '', 2 * MIB);
    file('image', '', 8 * MIB);
    await write('7f3c09d1-aaaa-4bbb-8ccc-0123456789ab', [
      part(1, { of: small }),
      part(3, 'rest'),
      part(4, { of: data }),
    ]);
    expect(entry(1)).toMatchObject({ first: 2048, last: 4095 });
    expect(entry(3)).toMatchObject({ first: 4096, last: 12287 });
    expect(entry(4)).toMatchObject({ first: 12288, last: 16383 });
    expect(statSync(image).size).toBe(9 * MIB);
  });

  it('leaves boot code alone', async () => {
    file('image', 'boot code', 4 * MIB);
    await write('7f3c09d1-aaaa-4bbb-8ccc-0123456789ab', [part(3, 'rest')]);
    expect(readFileSync(image).toString('latin1', 0, 9)).toBe('boot code');
  });

  it('derives GUIDs that differ between partitions and between disks, and never change', async () => {
    const guids: string[] = [];
    for (const id of [
      '7f3c09d1-aaaa-4bbb-8ccc-0123456789ab',
      '00000000-aaaa-4bbb-8ccc-000000000000',
    ]) {
      file('image', '', 4 * MIB);
      await write(id, [part(1, { of: file('small', 'x') }), part(3, 'rest')]);
      guids.push(entry(1).guid, entry(3).guid);
    }
    expect(new Set(guids).size).toBe(4);
    file('image', '', 4 * MIB);
    await write('7f3c09d1-aaaa-4bbb-8ccc-0123456789ab', [
      part(1, { of: file('small', 'x') }),
      part(3, 'rest'),
    ]);
    expect([entry(1).guid, entry(3).guid]).toEqual(guids.slice(0, 2));
  });

  it('refuses sizes that are not those of what was appended', async () => {
    const large = file('large', '', 8 * MIB);
    file('image', '', 4 * MIB);
    await expect(
      write('7f3c09d1-aaaa-4bbb-8ccc-0123456789ab', [part(1, { of: large }), part(3, 'rest')]),
    ).rejects.toThrow('not what was appended');
  });
});
