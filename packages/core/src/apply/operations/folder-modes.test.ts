import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { folderModes, setModes } from './folder-modes.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'livesys-modes-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function make(...paths: readonly string[]): void {
  for (const path of paths) mkdirSync(join(folder, path), { recursive: true, mode: 0o700 });
}

it('gives new folders the usual mode and leaves those that are there', async () => {
  make('from/etc/new', 'from/root', 'from/var/tmp', 'to/etc', 'to');
  chmodSync(join(folder, 'to/etc'), 0o750);
  chmodSync(join(folder, 'to'), 0o711);
  const modes = await folderModes(join(folder, 'from'), join(folder, 'to'));
  make('to/etc/new', 'to/root', 'to/var/tmp');
  await setModes(modes);

  const mode = (path: string): string => (statSync(join(folder, path)).mode & 0o7777).toString(8);
  expect(['to', 'to/etc', 'to/etc/new', 'to/root', 'to/var', 'to/var/tmp'].map(mode)).toEqual([
    ...['711', '750', '755', '700', '755', '1777'],
  ]);
});
