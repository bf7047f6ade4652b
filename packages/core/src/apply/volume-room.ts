import type { Volume } from './volume.ts';

/** The share of a volume that may change while it is read. */
const MOST = 0.5;

/**
 * How many extents a snapshot of a thick volume gets, for what changes in the volume while it is read:
 * half of those that the volume has, as far as an equal share of the free ones goes. A build writes
 * layers and outputs, which may be nearly as large as what it reads, often to the same volume.
 * `sharers` is how many snapshots are still to be taken, this one included. 0: there is no room.
 */
export function roomFor({ extents, free }: Volume, sharers: number): number {
  return Math.min(Math.ceil(extents * MOST), Math.ceil(free / Math.max(1, sharers)), free);
}
