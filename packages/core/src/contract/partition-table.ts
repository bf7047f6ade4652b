import type { Text } from './values.ts';

/** A GPT for a disk image whose partitions lie one after another, the first one at 1 MiB. */
export interface PartitionTable {
  /** UUID of the disk. Those of the partitions are derived from it and their numbers. */
  readonly id: Text;
  /** In their order on the disk. */
  readonly partitions: readonly Partition[];
  /**
   * Marks the protective entry of the MBR as active; some BIOSes start no disk without one.
   * Default: false.
   */
  readonly active?: boolean;
}

export interface Partition {
  /** From 1 on; numbers may be left out. */
  readonly number: number;
  /** GUID of its type. */
  readonly type: string;
  /** At most 36 characters. Default: none. */
  readonly name?: string;
  /** The file that it is as large as, or what the others leave of the image; one may be that. */
  readonly size: { readonly of: Text } | 'rest';
}
