import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

import {
  blankPasswords,
  isPasswordFile,
  judgeMounts,
  recordedAccessLists,
  rootReader,
  seeingMounts,
  type Sight,
} from '@livesys/core';
import { LivesysError } from '@livesys/core/plugin';

import type { ManifestLayer } from '../medium/manifest.ts';
import { type Medium, notMedium, openMedium } from '../medium/medium.ts';
import { withLayerSeen } from '../medium/seeing-layer.ts';
import { programRunner, type RunProgram } from '../programs/run-program.ts';
import type { Context } from '../terminal/context.ts';
import { printable } from '../text/printable.ts';
import { count } from '../views/phrases.ts';
import { compare, type Differences } from './compare.ts';
import type { Entry, Inventory } from './entry.ts';
import { takeInventory } from './take-inventory.ts';

/** What livesys itself puts into layers. */
const OWN = '/.livesys';
const RECORD = `${OWN}/access-lists`;
const PURPOSE = 'reads a file of a layer';

/** `livesys diff`: whether a medium holds what its source holds. Throws LIVESYS_MEDIUM_DIFFERS. */
export async function diffMedium(
  source: string,
  file: string,
  context: Context,
  { json }: { readonly json: boolean },
): Promise<void> {
  const sight = await sourceSight(source);
  const medium = await openMedium(file);
  try {
    const found = await differences(sight, medium, programRunner(context.env));
    if (json) context.stdout.write(`${JSON.stringify({ source, medium: file, ...found })}\n`);
    else for (const line of renderDifferences(found)) context.stdout.write(`${line}\n`);
    const wrong = found.differs.length + found.added.length;
    context.stderr.write(
      `${count(found.compared, 'path')} compared: ${wrong === 0 ? 'all the same' : `${wrong} not the same`}, ${found.leftOut.length} left out\n`,
    );
    if (wrong === 0) return;
    const message = `${count(wrong, 'path')} of ${file} ${wrong === 1 ? 'is' : 'are'} not as in ${source}.`;
    throw new LivesysError('LIVESYS_MEDIUM_DIFFERS', message);
  } finally {
    await medium.close();
  }
}

/** One line for each path: what it is, then which. */
function renderDifferences({ differs, added, leftOut }: Differences): readonly string[] {
  const shown = (path: string): string => printable(Buffer.from(path, 'latin1').toString());
  return [
    ...leftOut.map((path) => `left out  ${shown(path)}`),
    ...added.map((path) => `added     ${shown(path)}`),
    ...differs.map(({ path, what }) => `differs   ${shown(path)}  ${what.join(', ')}`),
  ];
}

async function sourceSight(path: string): Promise<Sight> {
  if (path === '/') {
    const mounts = judgeMounts(rootReader('/'), { include: [], exclude: [] });
    return seeingMounts({
      path,
      mounts: mounts.filter(({ is }) => is === 'in').map(({ at }) => at),
    });
  }
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory() === true) return seeingMounts({ path });
  throw new LivesysError('LIVESYS_SOURCE_MISSING', `${path} is no folder.`);
}

async function differences(sight: Sight, medium: Medium, run: RunProgram): Promise<Differences> {
  const { layers } = medium.manifest;
  const base = layers.find(({ name }) => name === 'base');
  if (base === undefined) throw notMedium(medium.path, 'it has no base');
  const access = await recordOf(medium, layers, run);
  return withLayerSeen(medium, base, async (seen) => {
    const held = new Map(await takeInventory(seen, run));
    for (const path of held.keys())
      if (path === OWN || path.startsWith(`${OWN}/`)) held.delete(path);
    // What the live system sets again counts as held.
    for (const [path, entry] of held) {
      const lists = access.get(path);
      if (lists !== undefined) entry.access = lists;
    }
    const original = await takeInventory(sight, run);
    await acceptBlanked(original, held, async (path, side) =>
      readIn(side === 'source' ? sight : seen, path, run),
    );
    return compare(original, held);
  });
}

/** The access lists that a squashfs cannot hold lie in the uppermost layer. */
async function recordOf(
  medium: Medium,
  layers: readonly ManifestLayer[],
  run: RunProgram,
): Promise<ReadonlyMap<string, string>> {
  const top = layers.find(({ name }) => name === 'fixups');
  if (top === undefined) return new Map();
  const lines = await withLayerSeen(medium, top, async (seen) => readIn(seen, RECORD, run));
  return recordedAccessLists(lines ?? '');
}

async function readIn(
  { root, prefix }: Sight,
  path: string,
  run: RunProgram,
): Promise<string | undefined> {
  const at = join(root, Buffer.from(path, 'latin1').toString());
  if (prefix.length === 0) return readFile(at, 'latin1').catch(() => undefined);
  const command: readonly string[] = [...prefix, 'cat', at];
  const [program = '', ...argv] = command;
  const { code, stdout } = await run([program, ...argv], { purpose: PURPOSE });
  return code === 0 ? stdout.toString('latin1') : undefined;
}

/** A file that lost passwords or hashes of them, and nothing else, is as it should be. */
async function acceptBlanked(
  source: Inventory,
  held: Map<string, Entry>,
  read: (path: string, side: 'source' | 'medium') => Promise<string | undefined>,
): Promise<void> {
  for (const path of [...source.keys()].filter(isPasswordFile)) {
    const [original, entry] = [source.get(path), held.get(path)];
    if (original === undefined || entry === undefined) continue;
    if (original.content === entry.content) continue;
    const text = await read(path, 'source');
    if (text === undefined || blankPasswords(path, text) !== (await read(path, 'medium'))) continue;
    held.set(path, {
      ...entry,
      size: original.size,
      ...(original.content === undefined ? {} : { content: original.content }),
    });
  }
}
