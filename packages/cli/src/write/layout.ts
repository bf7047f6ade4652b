import { LivesysError } from '@livesys/core/plugin';

import type { Gpt, Partition } from '../disk/gpt.ts';
import { usableEnd } from '../disk/gpt-edit.ts';
import { formatSize } from '../text/size.ts';

const MIB = 1024 ** 2;
/** The first and the last of a disk: partition tables, and what old file systems left there. */
export const EDGE = MIB;
/** Below, there is no room for a journal and a day's changes. */
const LEAST_DATA = 64 * MIB;

/** How much is to keep changes: all that is free, nothing, or so many bytes. */
export type WantedData = 'all' | 'none' | number;

/** An image, as far as its place on a disk is concerned. */
export interface ImageShape {
  readonly path: string;
  /** The path without its folder. */
  readonly name: string;
  readonly bytes: number;
  readonly gpt: Gpt | undefined;
  /** The partition for changes that it brings along. */
  readonly data: Partition | undefined;
  /** Whether some profile keeps changes. */
  readonly keeps: boolean;
}

/** Where the partition for changes lies on the device. */
export interface DataLayout {
  readonly offset: number;
  readonly length: number;
}

/**
 * Where changes will be kept on a device of so many bytes; nothing where they are not, or where an
 * image without such a partition leaves no room and none was asked for. Throws when what was asked
 * for cannot be had.
 */
export function placeData(
  image: ImageShape,
  deviceBytes: number,
  wanted: WantedData | undefined,
): DataLayout | undefined {
  const { gpt, data } = image;
  if (wanted === 'none' || (wanted === undefined && !data && !image.keeps)) return undefined;
  if (!gpt) {
    if (wanted === undefined) return undefined;
    throw refuse(`${image.path} has no partition table that another partition could be added to.`);
  }
  const offset = data?.offset ?? Math.ceil(image.bytes / MIB) * MIB;
  const end = usableEnd(gpt.header, deviceBytes);
  const free = Math.floor(end / MIB) * MIB - offset;
  const least = data?.length ?? LEAST_DATA;
  const length =
    typeof wanted === 'number' ? Math.ceil(wanted / MIB) * MIB : Math.max(free, data?.length ?? 0);
  if (typeof wanted === 'number' && length < least) {
    throw refuse(
      `${formatSize(wanted)} are too little to keep changes in; it takes ${formatSize(least)}.`,
    );
  }
  const last = data ? Math.max(end, data.offset + data.length) : offset + free;
  if (length >= least && offset + length <= last) return { offset, length };
  if (wanted === undefined && !data) return undefined;
  throw refuse(`The device has room for ${formatSize(Math.max(0, free))} of changes.`);
}

function refuse(message: string): LivesysError {
  return new LivesysError('LIVESYS_USAGE', message, {
    hint: 'Choose another --persistence: all, none, or a size such as 8G. Nothing was changed.',
  });
}
