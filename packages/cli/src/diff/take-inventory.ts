import { accessListsOf, withoutOctalEscapes, type Sight } from '@livesys/core';

import { programFailed, type RunProgram } from '../programs/run-program.ts';
import type { Entry, Inventory } from './entry.ts';

/** A line for each of some million files; as much as fits into one text. */
const LIMIT = 500 * 1024 * 1024;
const PURPOSE = 'looks at what is in a tree';

const FIELDS = String.raw`%y %m %U:%G %s %b %n %i %T@ %D /%P\0%l\0`;
const DEVICES = `find . '(' -type b -o -type c ')' -exec stat --printf='%t:%T %n\\0' {} +`;
const CONTENTS = 'find . -type f -print0 | xargs -0r sha256sum --zero --';
/** Fails where a file has gone meanwhile. */
const ATTRIBUTES = 'getfattr -R -P -h -d -m - -e hex . || :';
const BLOCK = 512;
/** A squashfs keeps no holes that are smaller than its blocks. */
const HOLE = 1024 * 1024;

/** Finds out all that a root file system can hold about each path of a tree. Only root sees all of it. */
export async function takeInventory({ root, prefix }: Sight, run: RunProgram): Promise<Inventory> {
  const inside = async (script: string): Promise<string> => {
    const shell = ['sh', '-c', `cd "$1" && ${script}`, 'livesys', root];
    const [program = '', ...argv] = [...prefix, ...shell];
    const result = await run([program, ...argv], { purpose: PURPOSE, limit: LIMIT });
    // xargs ends with 123 where a file has gone, which then has no content.
    if (result.code !== 0 && result.code !== 123) throw programFailed(result);
    return result.stdout.toString('latin1');
  };
  const entries = readEntries(await inside(`find . -ignore_readdir_race -printf '${FIELDS}'`));
  const set = (name: string, values: Partial<Entry>): void => {
    const entry = entries.get(name);
    if (entry !== undefined) Object.assign(entry, values);
  };
  for (const [, device = '', path = ''] of records(await inside(DEVICES), /^(\S+) \.(\/.*)$/s))
    set(path, { device });
  for (const [, content = '', path = ''] of records(
    await inside(CONTENTS),
    /^(\S{64}) [ *]\.(\/.*)$/s,
  ))
    set(path, { content });
  const dump = await inside(ATTRIBUTES);
  for (const [path, access] of accessListsOf(dump)) set(path, { access });
  for (const [path, attributes] of attributesOf(dump)) set(path, { attributes });
  return entries;
}

function records(text: string, pattern: RegExp): readonly RegExpExecArray[] {
  return text
    .split('\0')
    .map((record) => pattern.exec(record))
    .filter((found) => found !== null);
}

function readEntries(text: string): Map<string, Entry> {
  const entries = new Map<string, Entry>();
  const parts = text.split('\0');
  for (let index = 0; index + 1 < parts.length; index += 2) {
    const [
      ,
      type = '',
      mode = '',
      owner = '',
      size = '',
      blocks = '',
      names = '',
      node = '',
      time = '',
      disk = '',
      path = '',
    ] =
      /^(\S) (\S+) (\S+) (\d+) (\d+) (\d+) (\d+) (\S+) (\d+) (\/.*)$/s.exec(parts[index] ?? '') ??
      [];
    const [bytes, used] = [Number(size), Number(blocks) * BLOCK];
    entries.set(path, {
      ...{ type, mode, owner, size: bytes, target: parts[index + 1] ?? '' },
      time: Math.floor(Number(time)),
      hasHoles: type === 'f' && bytes - used >= HOLE,
      sameAs: type !== 'd' && Number(names) > 1 ? `${disk}:${node}` : undefined,
    });
  }
  return entries;
}

/** What overlayfs marks, and access lists, are no attributes of a file. */
const OTHERS = /^(?:system\.posix_acl_|trusted\.overlay\.|user\.overlay\.)/;

function* attributesOf(dump: string): Generator<readonly [path: string, attributes: string]> {
  for (const block of dump.split('\n\n')) {
    const [head = '', ...lines] = block.trimStart().split('\n');
    const path = /^# file: (.*)$/.exec(head)?.[1];
    const own = lines.filter((line) => line !== '' && !OTHERS.test(line)).toSorted();
    if (path === undefined || own.length === 0) continue;
    const name = withoutOctalEscapes(path);
    yield [name === '.' ? '/' : `/${name}`, own.join(' ')];
  }
}
