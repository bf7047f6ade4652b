import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { holdBudget } from './support/budget.ts';
import { buildCommand } from './support/build-command.ts';
import { hashFiles } from './support/compare.ts';
import { hashFile } from './support/decoy.ts';
import { buildImage } from './support/image.ts';
import { buildLater, LATER, type LaterBuild } from './support/later.ts';
import { makeLocalPackages } from './support/local-packages.ts';
import { run } from './support/run.ts';
import { packSource } from './support/source.ts';

let folder = '';
let archive = '';
let now = '';
let later: LaterBuild;

holdBudget('reproducible', 10, async () => {
  if (process.getuid?.() !== 0) throw new Error('this test mounts: run it as root');
  buildImage('bookworm');
  // Not below /tmp, which every task sees as a folder of its own.
  folder = mkdtempSync('/var/cache/livesys-boot-');
  chmodSync(folder, 0o755);
  archive = join(folder, 'source.tar');
  packSource(archive, await makeLocalPackages(join(folder, 'packages')));
});
beforeAll(async () => {
  const { argv, iso } = buildCommand(join(folder, 'now'), archive);
  run(['env', 'TZ=UTC', 'sh', '-c', 'umask 0022 && exec "$@"', 'sh', ...argv]);
  now = iso;
  mkdirSync(join(folder, 'later'));
  later = await buildLater(join(folder, 'later'), archive);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('an image built twice from one source tree, each time from an empty cache', () => {
  it('was built years apart, on other hosts and other numbers of processors', () => {
    const { year, host, processors } = later;
    expect({ year, processors }).toEqual({ year: String(LATER), processors: '1' });
    expect(host).not.toBe(hostname());
  });

  it('is the same in every file and in every bit', async () => {
    expect(await hashFiles(later.iso)).toEqual(await hashFiles(now));
    expect(await hashFile(later.iso)).toBe(await hashFile(now));
  });
});
