import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { gptBytes, SECTOR, type GptPartition } from '../../medium/gpt.ts';
import type { PlanPartition, PlanText } from '../../plan/model.ts';
import { MIB, roundUp } from './append-file.ts';

export interface TableRequest {
  /** UUID of the disk. */
  readonly id: string;
  readonly active: boolean;
  readonly partitions: readonly PlanPartition[];
  sizeOf(path: PlanText): Promise<number>;
}

/** Writes a GPT onto an image that ends with its last partition; 1 MiB is added for the copy. */
export async function writePartitionTable(image: string, request: TableRequest): Promise<void> {
  const file = await open(image, 'r+');
  try {
    const end = roundUp((await file.stat()).size);
    const disk = {
      guid: request.id,
      sectors: (end + MIB) / SECTOR,
      partitions: await lay(request, end),
      active: request.active,
    };
    await file.truncate(end + MIB);
    for (const { at, bytes } of gptBytes(disk)) await file.write(bytes, 0, bytes.length, at);
  } finally {
    await file.close();
  }
}

/** Partitions one after another from 1 MiB up to `end`. */
async function lay(request: TableRequest, end: number): Promise<readonly GptPartition[]> {
  const sizes = await Promise.all(
    request.partitions.map(async ({ size }) =>
      size === 'rest' ? undefined : request.sizeOf(size.of),
    ),
  );
  const known = sizes.reduce<number>((sum, size) => sum + roundUp(size ?? 0), 0);
  let start = MIB;
  const laid = request.partitions.map(({ number, type, name }, index) => {
    const size = roundUp(sizes[index] ?? end - MIB - known);
    const first = start / SECTOR;
    start += size;
    const guid = derivedGuid(request.id, number);
    return { number, type, guid, name, first, last: start / SECTOR - 1 };
  });
  if (start === end && laid.every(({ first, last }) => last > first)) return laid;
  throw new Error('the partitions are not what was appended to the image');
}

/** A GUID that is the same for every build of a disk, and differs from those of other disks. */
function derivedGuid(id: string, number: number): string {
  const hex = createHash('sha256').update(`${id} partition ${number}`).digest('hex');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
}
