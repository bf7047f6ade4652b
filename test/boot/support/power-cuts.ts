import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { Guest, GuestReport } from './guest.ts';
import { makeRepository, type TestPackage } from './repository.ts';
import type { Stick } from './stick.ts';

const SESSION = fileURLToPath(new URL('./power-cuts/session', import.meta.url));
/** What a synced file is announced by, with its name; half a line announces nothing. */
const SYNCED = /^LIVESYS-TEST: synced=(\S+) now$/gm;
/** More than a session can install before its power is cut. */
const PACKAGES = 40;
const FILES_EACH = 20;
/** Seconds on a machine with KVM. */
const BOOT = 60;

/** One loss of power, and what the next start found. */
export interface PowerCut {
  /** Files that were synced before it. */
  readonly synced: number;
  /** Those among all so far that the next session did not find as they were. */
  readonly lost: readonly string[];
  /** What dpkg could not put right. Empty: nothing. */
  readonly broken: string;
  readonly recovered: boolean;
  readonly unclean: string;
}

/**
 * Installs packages on a stick and cuts the power in the middle, `cuts` times; then lets a session
 * end. `random` gives numbers from 0 to 1.
 */
export async function cutPowerWhileInstalling(
  stick: Stick,
  folder: string,
  cuts: number,
  random: () => number,
): Promise<readonly PowerCut[]> {
  const promises = join(folder, 'promised');
  const packages = makeRepository(
    join(folder, 'repository'),
    Array.from({ length: PACKAGES }, testPackage),
  );
  const files = { session: SESSION, packages, promised: promises };
  const promised: string[] = [];
  const results: PowerCut[] = [];
  let before = 0;
  for (let cut = 0; cut <= cuts; cut++) {
    const end = cut === cuts;
    writeFileSync(promises, promised.map((name) => `${name}\n`).join(''));
    const script = `sh ./session ${cut} ${end ? 'check' : 'install'}`;
    const guest = await stick.start({ append: 'livesys.verify=no', job: { script, files } });
    try {
      if (!end) await cutWhen(guest, random);
      const report = end ? await guest.expectBooted(BOOT) : await guest.finish(1);
      if (cut > 0) results.push(judge(report, promised, before));
      const synced = [...report.console.matchAll(SYNCED)].map(([, name = '']) => name);
      before = synced.length;
      promised.push(...synced);
    } finally {
      await guest.dispose();
    }
  }
  await stick.expectClean();
  return results;
}

/** After some files were synced, at any moment of what follows. */
async function cutWhen(guest: Guest, random: () => number): Promise<void> {
  const after = 1 + Math.floor(random() * 6);
  await guest.waitFor(new RegExp(`(?:LIVESYS-TEST: synced=[^]*){${after}}`), BOOT * 2);
  await new Promise((resolve) => setTimeout(resolve, random() * 3000));
  await guest.cutPower();
}

function judge({ facts }: GuestReport, promised: readonly string[], synced: number): PowerCut {
  const found = new Set((facts.get('intact') ?? '').split(' '));
  return {
    synced,
    lost: promised.filter((name) => !found.has(name)),
    broken: facts.get('broken') ?? 'it did not say',
    recovered: facts.get('recovered') === 'yes',
    unclean: facts.get('state.unclean') ?? '',
  };
}

function testPackage(_: unknown, index: number): TestPackage {
  const name = `livesys-test-${index + 1}`;
  const file = (_: unknown, number: number) => [
    `usr/share/${name}/file-${number}`,
    `${name} ${number}\n`.repeat(200),
  ];
  return {
    name,
    fields: { Version: '1', Architecture: 'all' },
    files: Object.fromEntries(Array.from({ length: FILES_EACH }, file)) as Record<string, string>,
  };
}
