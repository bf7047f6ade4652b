import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { NOTHING } from '../plan/keys.ts';
import { fingerprint } from './fingerprint.ts';
import { LeftOutNotes, type LeftOut } from './left-out.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'livesys-left-out-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const BLOCK = 4096;

function write(path: string, blocks: number): void {
  mkdirSync(join(folder, path, '..'), { recursive: true });
  writeFileSync(join(folder, path), Buffer.alloc(blocks * BLOCK, 1));
}

async function leftOut(
  excludes: readonly string[],
  { prefix = [], time }: { readonly prefix?: readonly string[]; readonly time?: number } = {},
): Promise<LeftOut> {
  const notes = new LeftOutNotes();
  const leaveOut = { ...NOTHING, excludes };
  await fingerprint({ path: folder, leaveOut, volatile: [] }, { rootless: false, leftOut: notes });
  return notes.measured({ root: folder, prefix }, time);
}

it('tells of each path that is left out what it takes and by which line, the largest first', async () => {
  write('home/anna/letters', 3);
  write('home/bert/letters', 4);
  write('swapfile', 20);
  write('var/cache/ä/archive.deb', 2);
  write('etc/kept', 9);
  const found = await leftOut(['/home/*', '/swapfile', 'cache/', '!/home/bert']);
  const [swap, home, cache] = found.largest;

  expect(found).toMatchObject({ paths: 3, unmeasured: 0 });
  expect(found.bytes).toBe(found.largest.reduce((sum, { bytes = 0 }) => sum + bytes, 0));
  expect(swap).toEqual({ path: '/swapfile', bytes: 20 * BLOCK, rule: '/swapfile' });
  expect(home).toMatchObject({ path: '/home/anna', rule: '/home/*' });
  expect(cache).toMatchObject({ path: '/var/cache', rule: 'cache/' });
  expect(home?.bytes).toBeGreaterThanOrEqual(3 * BLOCK);
  expect(home?.bytes).toBeLessThan(9 * BLOCK);
});

it('of a folder that stays, tells what is in it', async () => {
  write('var/cache/a', 5);
  mkdirSync(join(folder, 'proc'));
  const found = await leftOut(['/proc/*', '/var/cache/*']);
  expect(found.largest).toEqual([{ path: '/var/cache/*', bytes: 5 * BLOCK, rule: '/var/cache/*' }]);
});

it('counts no holes', async () => {
  write('swapfile', 1);
  truncateSync(join(folder, 'swapfile'), 2 ** 40);
  write('images/disk', 1);
  truncateSync(join(folder, 'images/disk'), 2 ** 40);
  expect((await leftOut(['/swapfile', '/images'])).bytes).toBeLessThan(10 * BLOCK);
});

it('names what was not measured in time', async () => {
  write('swapfile', 1);
  write('home/anna/letters', 3);
  const found = await leftOut(['/home/*', '/swapfile'], {
    prefix: ['sleep', 'infinity', '--'],
    time: 1,
  });
  expect(found).toEqual({
    ...{ paths: 2, bytes: BLOCK, unmeasured: 1 },
    largest: [
      { path: '/swapfile', bytes: BLOCK, rule: '/swapfile' },
      { path: '/home/*', bytes: undefined, rule: '/home/*' },
    ],
  });
});

it('names the largest alone of very many', async () => {
  mkdirSync(join(folder, 'many'));
  for (let index = 0; index < 2100; index += 1) writeFileSync(join(folder, `many/${index}.o`), '');
  write('many/large.o', 1);
  const found = await leftOut(['*.o']);
  expect(found).toMatchObject({ paths: 2101, bytes: BLOCK });
  expect(found.largest).toHaveLength(1000);
  expect(found.largest[0]).toMatchObject({ path: '/many/large.o' });
});
