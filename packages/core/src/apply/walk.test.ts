import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { NOTHING } from '../plan/keys.ts';
import { walk } from './walk.ts';

/** As find ends after these complaints. */
const complaining = (...lines: readonly string[]): readonly string[] => [
  ...['sh', '-c', `"$@"; printf '%s\\n' "${lines.join('" "')}" >&2; exit 1`, 'sh'],
];

async function failed(...lines: readonly string[]): Promise<boolean> {
  const root = mkdtempSync(join(tmpdir(), 'livesys-walk-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  mkdirSync(join(root, 'etc'));
  const prefix = complaining(...lines);
  return (await walk({ root, leaveOut: NOTHING, prefix, onEntry: () => undefined })).failed;
}

const GONE = 'find: ‘/tmp/a’: No such file or directory';

it('a folder that vanishes while it is looked for is no failure', async () => {
  expect(await failed(GONE, GONE)).toBe(false);
});

it('one that cannot be read is', async () => {
  expect(await failed(GONE, 'find: ‘/tmp/b’: Permission denied')).toBe(true);
});

it('gives each entry once, however what find prints is cut into pieces', async () => {
  const root = mkdtempSync(join(tmpdir(), 'livesys-walk-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const names = Array.from({ length: 1500 }, (_, index) => `${index}-${'x'.repeat(index % 200)}`);
  for (const name of names) writeFileSync(join(root, name), '');
  const seen: string[] = [];
  await walk({ root, leaveOut: NOTHING, onEntry: ({ path }) => seen.push(path) });
  expect(seen.toSorted()).toEqual(['/', ...names.map((name) => `/${name}`)].toSorted());
});

it('sees the same of a tree, whatever of it need not be entered', async () => {
  const root = join(mkdtempSync(join(tmpdir(), 'livesys-walk-')), 'a [root]*');
  onTestFinished(() => rmSync(join(root, '..'), { recursive: true }));
  for (const path of ['a/x1/in', 'a/y/z', 'a/y/w', 'ab/x1', 'b[1]/c/in', 'b1/c/in', 'd/e', 'f/c'])
    mkdirSync(join(root, path), { recursive: true });
  const excludes = ['/a/x*', '/a/y/*', '!/a/y/z', String.raw`/b\[1]/c/`, '/*/e', '/d/f'];
  const seen: string[] = [];
  await walk({
    ...{ root, leaveOut: { ...NOTHING, excludes } },
    onEntry: ({ path, verdict }) => {
      if (verdict !== 'out') seen.push(path);
    },
  });
  const stays = '/ /a /a/y /a/y/z /ab /ab/x1 /b1 /b1/c /b1/c/in /b[1] /d /f /f/c';
  expect(seen.toSorted()).toEqual(stays.split(' '));
});
