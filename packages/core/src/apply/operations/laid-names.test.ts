import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { laidNames } from './laid-names.ts';

let root: string;
beforeEach(() => void (root = mkdtempSync(join(tmpdir(), 'livesys-laid-'))));
afterEach(() => rmSync(root, { recursive: true }));

const put = (path: string): void => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), '');
};
const names = async (...lines: readonly string[]): Promise<readonly string[]> => {
  const leftOut = lines.map((line) => `${line}\n`).join('');
  const found = await laidNames([join(root, 'own')], { in: join(root, 'layer'), leftOut });
  return found.toString().split('\0').slice(0, -1);
};

it('lists what was laid and would be left out, folders before what is in them', async () => {
  for (const path of ['own/etc/keys/b', 'own/etc/keys/deep/a', 'own/etc/other']) {
    put(path);
    put(path.replace('own', 'layer'));
  }
  put('layer/etc/keys/made');
  expect(await names('./etc/keys/*')).toEqual(['etc/keys/b', 'etc/keys/deep', 'etc/keys/deep/a']);
  expect(await names('./other')).toEqual([]);
});

it('does not list what is no longer in the layer, and follows no link', async () => {
  put('own/etc/keys/gone');
  mkdirSync(join(root, 'layer/etc/keys'), { recursive: true });
  for (const folder of ['own', 'layer']) symlinkSync('/etc', join(root, folder, 'etc/keys/link'));
  expect(await names('./etc/keys/*')).toEqual(['etc/keys/link']);
});
