import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { VOLUME_SNAPSHOTS, volumeTag } from './volume-mark.ts';
import { volumeSweepCommand } from './volume-sweep.ts';

const OWN = 'mx01gk05-2d8d83a6';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'livesys-sweep-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** What is removed of volumes: name and tags, as `lvs` prints them. */
function removed(rows: readonly (readonly [string, string])[], status = 0): readonly string[] {
  const lines = rows.map(([name, tags]) => `  disk ${name} ${tags}`);
  writeFileSync(join(folder, 'rows'), `${lines.join('\n')}\n`);
  writeFileSync(join(folder, 'gone'), '');
  const program = (name: string, text: string): void => {
    writeFileSync(join(folder, name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(folder, name), 0o755);
  };
  program('lvs', `cat ${join(folder, 'rows')}`);
  program('lvremove', `echo "$*" >>${join(folder, 'gone')}; exit ${status}`);
  const [command = '', ...argv] = volumeSweepCommand(OWN);
  const env = { PATH: `${folder}:${process.env['PATH'] ?? ''}` };
  expect(spawnSync(command, argv, { env }).status).toBe(status);
  return readFileSync(join(folder, 'gone'), 'utf8').split('\n').filter(Boolean);
}

const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
const dead = volumeTag({ boot: '0-0', lock: '/nowhere' });
const ours = (name: string): string => `--yes --autobackup n disk/${VOLUME_SNAPSHOTS}${name}`;

it('removes what has both name and tag, of its own run and of dead ones', () => {
  const free = join(folder, 'a lock');
  writeFileSync(free, '');
  const gone = removed([
    [`${VOLUME_SNAPSHOTS}${OWN}-0`, volumeTag({ boot, lock: '/nowhere' })],
    [`${VOLUME_SNAPSHOTS}1-a-12`, `first,${dead},last`],
    [`${VOLUME_SNAPSHOTS}2-b-0`, volumeTag({ boot, lock: free })],
  ]);
  expect(gone).toEqual([ours(`${OWN}-0`), ours('1-a-12'), ours('2-b-0')]);
});

it('leaves alone what lacks one of them, and runs that go on or cannot be seen here', () => {
  const gone = removed([
    ['root', ''],
    ['other', dead],
    [`${VOLUME_SNAPSHOTS}1-a-0`, ''],
    [`${VOLUME_SNAPSHOTS}1-a-0`, 'mine'],
    [`${VOLUME_SNAPSHOTS}1-a-0`, `not-${dead}`],
    [`${VOLUME_SNAPSHOTS}1-a-0`, dead.replace(':1:', ':2:')],
    [`${VOLUME_SNAPSHOTS}by a person`, dead],
    [`${VOLUME_SNAPSHOTS}1-a-0x`, dead],
    [`my-${VOLUME_SNAPSHOTS}1-a-0`, dead],
    [`${VOLUME_SNAPSHOTS}1-a-0`, volumeTag({ boot, lock: '/not/seen/here.lock' })],
  ]);
  expect(gone).toEqual([]);
});

it('says so when one cannot be removed, and goes on with the others', () => {
  const rows = ['1-a-0', '2-b-0'].map((name) => [`${VOLUME_SNAPSHOTS}${name}`, dead] as const);
  expect(removed(rows, 1)).toEqual([ours('1-a-0'), ours('2-b-0')]);
});
