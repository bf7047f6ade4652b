import { execFileSync } from 'node:child_process';
import {
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, it } from 'vitest';

import { areasOf, expectCleanImages } from './clean-images.ts';
import { partitionedDisk } from './partitioned-disk.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'livesys-clean-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function image(name: string, argv: readonly string[]): string {
  const file = join(folder, name);
  writeFileSync(file, '');
  truncateSync(file, 8 * 2 ** 20);
  execFileSync(argv[0] ?? '', [...argv.slice(1), file], { stdio: 'ignore' });
  return file;
}

function patch(file: string, offset: number, byte: number): void {
  writeSync(openSync(file, 'r+'), Buffer.from([byte]), 0, 1, offset);
}

it('clean file systems in partitions are clean, and each kind of dirt is found', async () => {
  const ext4 = image('ext4', ['mkfs.ext4', '-q']);
  const fat = image('fat', ['mkfs.vfat']);
  const disk = (name: string) =>
    partitionedDisk(join(folder, name), [
      { name: 'ONE', type: 'linux', image: ext4 },
      { name: 'TWO', type: 'esp', image: fat },
    ]);
  await expectCleanImages(disk('clean'), ext4, fat);
  expect((await areasOf(disk('clean'))).map(({ name }) => name)).toEqual(['ONE', 'TWO']);

  execFileSync('debugfs', ['-w', '-R', 'feature needs_recovery', ext4], { stdio: 'ignore' });
  await expect(expectCleanImages(disk('journal'))).rejects.toThrow(/ONE: its journal waits/);
  execFileSync('debugfs', ['-w', '-R', 'feature -needs_recovery', ext4], { stdio: 'ignore' });
  execFileSync('debugfs', ['-w', '-R', 'clri <2>', ext4], { stdio: 'ignore' });
  await expect(expectCleanImages(disk('damage'))).rejects.toThrow(/ONE: e2fsck says \d+/);

  // The bit by which a FAT says that it is mounted.
  patch(fat, 0x25, (readFileSync(fat)[0x25] ?? 0) | 1);
  await expect(expectCleanImages(fat)).rejects.toThrow(/whole: fsck\.vfat says 1/);
});
