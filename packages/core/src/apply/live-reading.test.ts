import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { LiveReading } from './live-reading.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'livesys-reading-'));
  mkdirSync(join(root, 'in/0/home'), { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const reading = (): LiveReading =>
  new LiveReading({ kind: 'topLayer', at: '/in/0', tree: 't' }, root);

it('tells of files that went away, as mksquashfs and tar say it', async () => {
  const watch = reading();
  watch.read(
    'Parallel mksquashfs: Using 2 processors\nllistxattr for /in/0/home/a failed in read_at',
  );
  watch.read('trs, because No such file or directory.  Ignoring\n');
  watch.read('Failed to read file /in/0/home/b, creating empty file\n');
  watch.read('Cannot stat dir/file /in/0/home/c because No such file or directory, ignoring\n');
  watch.read('tar: ./home/d: File removed before we read it\n');
  expect(await watch.warnings()).toEqual([
    '4 files went away before they were read: /home/a, /home/b, /home/c, /home/d',
  ]);
});

it('fails where a file is there and was not read', async () => {
  writeFileSync(join(root, 'in/0/home/b'), '');
  const watch = reading();
  watch.read('Failed to read file /in/0/home/b, creating empty file\n');
  await expect(watch.warnings()).rejects.toMatchObject({
    code: 'LIVESYS_SOURCE_UNREADABLE',
    details: ['/home/b'],
  });
});

it('tells of files that changed, also where no tool noticed', async () => {
  const watch = reading();
  watch.read(
    'File /in/0/home/grown changed size while reading filesystem, attempting to re-read\n',
  );
  watch.read('tar: ./home/shrunk: File shrank by 10 bytes; padding with zeros\n');
  for (let index = 0; index < 4; index += 1)
    writeFileSync(join(root, `in/0/home/new-${index}`), '');
  expect(await watch.warnings()).toEqual([
    '6 files changed while they were read: /home/grown, /home/new-0, /home/new-1, /home/new-2, /home/new-3, and 1 more',
  ]);
});

it('has nothing to tell of what stays', async () => {
  expect(await reading().warnings()).toEqual([]);
});
