import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, rmSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';

import { type Bytes, fileBytes, partOf } from '../../../packages/cli/src/disk/bytes.ts';
import { readGpt } from '../../../packages/cli/src/disk/gpt.ts';
import { run } from './run.ts';

/** A file system in an image, in bytes from its start. */
export interface Area {
  readonly name: string;
  readonly offset: number;
  readonly length: number;
}

/** The partitions of an image, or the whole of one without a table. */
export async function areasOf(image: string): Promise<readonly Area[]> {
  const { size } = statSync(image);
  return withBytes(image, async (bytes) => {
    const table = await readGpt(bytes);
    return table?.partitions ?? [{ name: 'whole', offset: 0, length: size }];
  });
}

/**
 * Fails with what is unclean about the file systems of an image: a journal to be replayed, errors,
 * or the mark that a FAT was not unmounted. Nothing is repaired.
 */
export async function expectCleanImages(...images: readonly string[]): Promise<void> {
  const problems: string[] = [];
  for (const image of images) problems.push(...(await imageProblems(image)));
  if (problems.length > 0) throw new Error(problems.join('\n'));
}

async function imageProblems(image: string): Promise<string[]> {
  const problems: string[] = [];
  for (const area of await areasOf(image)) {
    const type = await withBytes(image, (bytes) =>
      fileSystemOf(partOf(bytes, area.offset, area.length)),
    );
    const found = { ext4: ext4Problems, fat: fatProblems, other: () => [] }[type](image, area);
    problems.push(...found.map((problem) => `${image}, ${area.name || area.offset}: ${problem}`));
  }
  return problems;
}

async function fileSystemOf(bytes: Bytes): Promise<'ext4' | 'fat' | 'other'> {
  if (bytes.size < 2048) return 'other';
  const start = await bytes.read(0, 2048);
  if (start.readUInt16LE(1080) === 0xef53) return 'ext4';
  const names = [start.toString('latin1', 54, 57), start.toString('latin1', 82, 85)];
  return start.readUInt16LE(510) === 0xaa55 && names.includes('FAT') ? 'fat' : 'other';
}

function ext4Problems(image: string, { offset }: Area): string[] {
  const at = `${image}?offset=${offset}`;
  const check = spawnSync('e2fsck', ['-f', '-n', at], { encoding: 'utf8' });
  const features = /^Filesystem features:.*$/m.exec(run(['dumpe2fs', '-h', at]))?.[0] ?? 'none';
  return [
    ...(check.status === 0 ? [] : [`e2fsck says ${check.status}: ${check.stdout}${check.stderr}`]),
    ...(features.includes('needs_recovery') ? ['its journal waits to be replayed'] : []),
  ];
}

function fatProblems(image: string, area: Area): string[] {
  const copy = `${image}.fat`;
  try {
    extractArea(image, area, copy);
    const { status, stdout, stderr } = spawnSync('fsck.vfat', ['-n', copy], { encoding: 'utf8' });
    return status === 0 ? [] : [`fsck.vfat says ${status}: ${stdout}${stderr}`];
  } finally {
    rmSync(copy, { force: true });
  }
}

export async function areaHash(image: string, { offset, length }: Area): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(image, { start: offset, end: offset + length - 1 }), hash);
  return hash.digest('hex');
}

/** Copies a part of an image into a file of its own. */
function extractArea(image: string, { offset, length }: Area, to: string): void {
  const where = [`skip=${offset}`, `count=${length}`, 'iflag=skip_bytes,count_bytes'];
  run(['dd', `if=${image}`, `of=${to}`, 'bs=1M', 'conv=sparse', 'status=none', ...where]);
}

async function withBytes<T>(image: string, use: (bytes: Bytes) => Promise<T>): Promise<T> {
  const file = await open(image, 'r');
  try {
    return await use(fileBytes(file, statSync(image).size));
  } finally {
    await file.close();
  }
}
