import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LocalStore } from '../../../packages/core/src/cache/local-store.ts';
import { listTree } from './tree-listing.ts';

/** Where the result of a task lies in a cache; fails when there is none or more than one. */
export async function resultOf(cache: string, task: string): Promise<string> {
  const store = new LocalStore(cache);
  const records = (await store.list()).filter((record) => record.task === task);
  if (records.length === 1) return store.content(records[0]?.key ?? '');
  throw new Error(`${records.length} results of ${task} in ${cache}`);
}

/** Everything that a task made, one line per name. */
export async function listResult(cache: string, task: string): Promise<readonly string[]> {
  return listTree(await resultOf(cache, task));
}

export async function readResult(cache: string, task: string, path: string): Promise<string> {
  return readFileSync(join(await resultOf(cache, task), path), 'utf8');
}
