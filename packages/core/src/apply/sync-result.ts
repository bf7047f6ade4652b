import { open, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { PlanResult } from '../plan/model.ts';
import { capture } from './command-runner.ts';

/**
 * Brings a result to the disk before it gets its name. Single files are synced one by one; a tree
 * has too many of them, so its whole file system is.
 */
export async function syncResult(result: PlanResult, content: string): Promise<void> {
  const files =
    result.kind === 'artifacts' ? result.outputs.map((name) => join(content, name)) : [];
  const plain = await Promise.all(files.map(async (file) => (await stat(file)).isFile()));
  if (files.length === 0 || plain.includes(false)) {
    await capture(['sync', '--file-system', content]);
    return;
  }
  for (const path of [...files, content, dirname(content)]) await syncPath(path);
}

async function syncPath(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
