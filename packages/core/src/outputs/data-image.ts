import type { Need } from '../contract/need.ts';
import type { Ops } from '../contract/plan-builder.ts';
import { text, type Ref, type Text } from '../contract/values.ts';

/** The label of the file system and the name of the partition. */
export const DATA_LABEL = 'LIVESYS-DATA';

/** Tools of {@link dataImage}. */
export const DATA_NEEDS: readonly Need[] = [
  { name: 'mkfs.ext4', reason: 'makes the data partition' },
];

export interface DataImageOptions {
  readonly mebibytes: number;
  readonly imageId: Ref;
  readonly sourceDateEpoch: number;
}

/** Makes the file system that keeps changes, empty and sparse, equal for equal images. */
export function dataImage(ops: Ops, at: Text, options: DataImageOptions): void {
  const { mebibytes, imageId, sourceDateEpoch } = options;
  ops.exec(['truncate', `--size=${mebibytes}M`, at]);
  ops.exec(
    [
      ...['mkfs.ext4', '-q', '-F'],
      ...['-L', DATA_LABEL],
      ...['-U', imageId],
      ...['-E', text`hash_seed=${imageId},root_owner=0:0,lazy_itable_init=0,lazy_journal_init=0`],
      // GRUB 2.06 reads no file system with the first; e2fsck before 1.47 knows neither.
      ...['-O', '^metadata_csum_seed,^orphan_file'],
      // By its size it would get blocks of 1 KiB, and it is to grow with the stick.
      ...['-T', 'default', '-b', '4096'],
      // Full for a user, there is still room for root to clean up.
      ...['-m', '2'],
      ...['-e', 'remount-ro'],
      at,
    ],
    // SOURCE_DATE_EPOCH is heeded from e2fsprogs 1.47.1 on.
    { env: { E2FSPROGS_FAKE_TIME: String(sourceDateEpoch) } },
  );
}
