import { spawnSync } from 'node:child_process';
import { rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';

import { run } from './run.ts';

const TYPES = {
  linux: '0FC63DAF-8483-4772-8E79-3D69D8477DE4',
  esp: 'C12A7328-F81F-11D2-BA4B-00A0C93EC93B',
  data: '4C495645-5359-5344-4154-410A7B3D5E91',
} as const;

export interface PartitionContent {
  readonly name: string;
  readonly type: keyof typeof TYPES;
  /** What lies in it, and how large it is. */
  readonly image: string;
}

const MIB = 2 ** 20;

/** Makes a disk with a GPT by sfdisk, so that it owes nothing to our own code. Gives its path. */
export function partitionedDisk(file: string, partitions: readonly PartitionContent[]): string {
  rmSync(file, { force: true });
  let next = 1;
  const places = partitions.map(({ image }) => {
    const start = next;
    next += Math.ceil(statSync(image).size / MIB);
    return start;
  });
  writeFileSync(file, '');
  truncateSync(file, (next + 1) * MIB);
  const lines = partitions.map(({ name, type, image }, index) => {
    const sectors = (Math.ceil(statSync(image).size / MIB) * MIB) / 512;
    return `start=${(places[index] ?? 0) * 2048}, size=${sectors}, type=${TYPES[type]}, name=${name}`;
  });
  const input = ['label: gpt', ...lines, ''].join('\n');
  const { status, stderr } = spawnSync('sfdisk', ['--quiet', file], { input, encoding: 'utf8' });
  if (status !== 0) throw new Error(`sfdisk: ${stderr}`);
  partitions.forEach(({ image }, index) => {
    const seek = `seek=${places[index] ?? 0}`;
    run(['dd', `if=${image}`, `of=${file}`, 'bs=1M', seek, 'conv=notrunc,sparse', 'status=none']);
  });
  return file;
}
