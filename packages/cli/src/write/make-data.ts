import { open } from 'node:fs/promises';

import { DATA_NAME } from '../disk/gpt.ts';
import type { DataFiles } from '../medium/data/data-files.ts';
import { dataOf, mendData, readData } from '../medium/data/open-data.ts';
import type { Medium } from '../medium/medium.ts';
import { programFailed, type RunProgram } from '../programs/run-program.ts';
import type { DataLayout } from './layout.ts';

const BLOCK = 4096;
const GIB = 1024 ** 3;
/**
 * Spelled out, because defaults grow: GRUB 2.06 reads no file system with `metadata_csum_seed`, and
 * the check at boot may be older than the program that makes it.
 */
const FEATURES = [
  ...['none', 'has_journal', 'ext_attr', 'resize_inode', 'dir_index', 'filetype', 'extent'],
  ...['64bit', 'flex_bg', 'sparse_super', 'large_file', 'huge_file', 'dir_nlink'],
  ...['extra_isize', 'metadata_csum'],
].join(',');

/** Programs that {@link makeData} and {@link growData} run. */
export const DATA_PROGRAMS = ['mkfs.ext4', 'debugfs', 'e2fsck', 'resize2fs'] as const;

/** Makes the file system that keeps changes, by its place on the device. */
export async function makeData(path: string, layout: DataLayout, run: RunProgram): Promise<void> {
  const { offset, length } = layout;
  await mustEndWell(run, 'makes the file system that keeps changes', [
    ...(['mkfs.ext4', '-q', '-F', '-L', DATA_NAME] as const),
    ...['-O', FEATURES, '-T', 'default', '-b', String(BLOCK)],
    // A large journal is slow to make on a stick, and nothing here fills it.
    ...(length >= GIB ? ['-J', 'size=64'] : []),
    // Full for a user, there is still room for root to clean up.
    ...['-m', '2', '-e', 'remount-ro'],
    // Discarding does not heed the offset in every version.
    ...['-E', `offset=${offset},nodiscard,root_owner=0:0`],
    path,
    `${Math.floor(length / BLOCK) * (BLOCK / 1024)}k`,
  ]);
  await mustEndWell(run, 'makes its first folder', [
    ...(['debugfs', '-w', '-R', 'mkdir /livesys'] as const),
    at(path, layout),
  ]);
}

/**
 * Lets the file system that an image brought along fill its place. Only on a device: resize2fs cuts
 * a file to the size of the file system and forgets the offset.
 */
export async function growData(path: string, layout: DataLayout, run: RunProgram): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await mendData(await dataOf(path, file, layout, run));
  } finally {
    await file.close();
  }
  await mustEndWell(run, 'lets the file system that keeps changes grow', [
    'resize2fs',
    at(path, layout),
    `${Math.floor(layout.length / BLOCK) * (BLOCK / 1024)}K`,
  ]);
}

/** Whether the image brings changes or a selection along, so that its file system must be kept. */
export async function bringsContent(medium: Medium, run: RunProgram): Promise<boolean> {
  const full = await readData(medium, run, async ({ fileSystem, files }) => {
    return !fileSystem.clean || (await hasContent(files));
  });
  return full ?? false;
}

async function hasContent(files: DataFiles): Promise<boolean> {
  const ours = await contentOf(files, '/livesys');
  const root = await contentOf(files, '/');
  return ours.length > 0 || root.some((name) => name !== 'livesys' && name !== 'lost+found');
}

async function contentOf(files: DataFiles, folder: string): Promise<string[]> {
  const entries = (await files.list(folder)) ?? [];
  return entries.map(({ name }) => name).filter((name) => name !== '.' && name !== '..');
}

const at = (path: string, { offset }: DataLayout): string => `${path}?offset=${offset}`;

async function mustEndWell(
  run: RunProgram,
  purpose: string,
  argv: readonly [string, ...string[]],
): Promise<void> {
  const result = await run(argv, { purpose });
  if (result.code !== 0) throw programFailed(result);
}
