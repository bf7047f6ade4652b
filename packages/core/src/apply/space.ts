import { statfs } from 'node:fs/promises';
import type { ResultRecord } from '../cache/store.ts';
import type { LayerFormat } from '../config/resolved.ts';
import type { Plan, PlanTask } from '../plan/model.ts';

/** Bytes that are free for a file system's users. */
export async function freeBytes(path: string): Promise<number> {
  const { bavail, bsize } = await statfs(path);
  return bavail * bsize;
}

const MIB = 1024 * 1024;

/** Compressed size as a share of the used bytes; the largest of what installed systems gave with zstd and with lz4. */
const COMPRESSED: Readonly<Record<LayerFormat, number>> = { squashfs: 0.52, erofs: 0.7 };

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

/** Bytes that a task of the plan will need: what it needed last time, or a cautious guess. */
export type SpaceEstimate = (task: PlanTask, last: ResultRecord | undefined) => number;

/** Estimates for a plan whose sources have the given sizes. */
export function spaceEstimate(plan: Plan, scanned: ReadonlyMap<string, number>): SpaceEstimate {
  const source = Math.max(0, ...scanned.values());
  const format = plan.tasks.some(packsErofs) ? 'erofs' : 'squashfs';
  const packed = source * (plan.tasks.some(packsAsItIs) ? 1 : COMPRESSED[format]);
  return (task, last) => {
    // An erofs is made from a copy of what goes into it.
    const copied = task.id === 'layer:base' && packsErofs(task) ? source : 0;
    return copied + (last?.bytes ?? firstBytes(task, packed));
  };
}

export function packsErofs({ result }: PlanTask): boolean {
  return result.kind === 'artifacts' && result.outputs.includes('erofs');
}

function packsAsItIs({ operations }: PlanTask): boolean {
  return operations.some((operation) => {
    if (operation.kind !== 'exec') return false;
    const words = operation.argv.map(String);
    if (words[0] === 'mkfs.erofs') return !words.some((word) => word.startsWith('-z'));
    return words[0] === 'mksquashfs' && words.includes('-noD');
  });
}

function firstBytes(task: PlanTask, packed: number): number {
  if (task.id === 'layer:base' && packed > 0) return packed;
  if (task.result.kind === 'output') return packed > 0 ? packed : 256 * MIB;
  return FIRST_TIME[task.id.split(':')[0] ?? ''] ?? 16 * MIB;
}
