import { statfs } from 'node:fs/promises';
import type { ResultRecord } from '../cache/store.ts';
import type { PlanTask } from '../plan/model.ts';

/** Bytes that are free for a file system's users. */
export async function freeBytes(path: string): Promise<number> {
  const { bavail, bsize } = await statfs(path);
  return bavail * bsize;
}

const MIB = 1024 * 1024;

/** Compressed size as a share of the used bytes; the largest of what zstd gave on installed systems. */
const COMPRESSED = 0.52;

/**
 * What a task that never ran may need. A minimal root with a kernel takes 0.7 GB, installations
 * from 10 MB to some hundred.
 */
const FIRST_TIME: Readonly<Record<string, number>> = {
  source: 1024 * MIB,
  tree: 256 * MIB,
  layer: 64 * MIB,
  initramfs: 128 * MIB,
};

/** Bytes that a task will need: what it needed last time, or a cautious guess. */
export function estimateBytes(
  task: PlanTask,
  last: ResultRecord | undefined,
  scanned: ReadonlyMap<string, number>,
): number {
  if (last !== undefined) return last.bytes;
  const source = Math.max(0, ...scanned.values());
  if (task.id === 'layer:base' && source > 0) return source * COMPRESSED;
  if (task.result.kind === 'output') return source > 0 ? source * COMPRESSED : 256 * MIB;
  return FIRST_TIME[task.id.split(':')[0] ?? ''] ?? 16 * MIB;
}
