import type { BootAssets } from '../contract/boot.ts';
import type { Need } from '../contract/need.ts';
import type { Ops, PlanBuilder } from '../contract/plan-builder.ts';
import type { Artifact, Text } from '../contract/values.ts';
import { place } from './place.ts';

/** Tools of {@link espImage}. */
export const ESP_NEEDS: readonly Need[] = [
  {
    name: 'mkfs.vfat',
    reason: 'makes the EFI system partition',
  },
  {
    name: 'mcopy',
    reason: 'fills the EFI system partition without mounting it',
  },
  {
    name: 'mmd',
    reason: 'makes the folders of the EFI system partition',
  },
];

export interface EspImageOptions {
  /** Files by absolute path. */
  readonly files: NonNullable<BootAssets['esp']>;
  readonly sourceDateEpoch: number;
}

/**
 * Room beyond the files: FAT tables, folders and the unused ends of clusters, enough for files of
 * 500 MiB together.
 */
const SPARE = '2M';
const SCRATCH = '/tmp/esp';

/** Plans the FAT image of an EFI system partition, as large as its files need. */
export function espImage(plan: PlanBuilder, options: EspImageOptions): Artifact {
  const { image } = plan.task(
    {
      id: 'image:esp',
      title: 'EFI system partition',
      place: { on: 'tools', mounts: {} },
      outputs: ['image'],
    },
    (ops) => fillImage(ops, ops.output('image'), options),
  );
  return image;
}

function fillImage(ops: Ops, image: Text, { files, sourceDateEpoch }: EspImageOptions): void {
  const placed = Object.entries(files)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([path, content], index) => ({
      path,
      at: place(ops, content, `${SCRATCH}/files/${index}`),
    }));
  makeEmptyFile(
    ops,
    image,
    placed.map(({ at }) => at),
  );
  // mkfs.vfat 4.2 takes serial number and label time from the clock, whatever SOURCE_DATE_EPOCH
  // says; --invariant fixes both, so the serial number comes after it.
  const serial = (sourceDateEpoch % 2 ** 32).toString(16).padStart(8, '0');
  ops.exec(['mkfs.vfat', '--invariant', '-i', serial, '-n', 'LIVESYS-ESP', image]);
  const folders = foldersOf(placed.map(({ path }) => path));
  if (folders.length > 0) {
    ops.exec(['mmd', '-i', image, ...folders.map((folder) => `::${folder}`)]);
  }
  for (const { path, at } of placed) ops.exec(['mcopy', '-i', image, at, `::${path}`]);
}

/**
 * Sizes are known only when the files are there, and a plan has no arithmetic: an archive of the
 * files is as large as they are, and `truncate` takes its size from it.
 */
function makeEmptyFile(ops: Ops, image: Text, files: readonly Text[]): void {
  const measure = `${SCRATCH}/measure.tar`;
  ops.makeDirectory(SCRATCH);
  ops.exec(['tar', '--create', '--dereference', '--absolute-names', '--file', measure, ...files]);
  ops.exec(['truncate', `--reference=${measure}`, `--size=+${SPARE}`, image]);
  ops.exec(['truncate', '--size=%1M', image]);
  ops.remove(measure);
}

/** All folders that the paths need, each after the one it lies in. */
export function foldersOf(paths: readonly string[]): readonly string[] {
  const folders = new Set<string>();
  for (const path of paths) {
    const names = path.split('/').slice(1, -1);
    names.forEach((_, index) => folders.add(`/${names.slice(0, index + 1).join('/')}`));
  }
  return [...folders].toSorted();
}
