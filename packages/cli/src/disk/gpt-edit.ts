import { crc32 } from 'node:zlib';

import { FormatError } from './bytes.ts';
import {
  DATA_NAME,
  DATA_TYPE,
  type Header,
  parseEntries,
  parseHeader,
  type Partition,
  SECTOR,
} from './gpt.ts';
import { encodeGuid } from './guid.ts';

/** What the table of a disk is to become. */
export interface GptChange {
  /** Size of the disk; the copy of the table goes to its end. */
  readonly bytes: number;
  /** Where DATA lies, in bytes; an entry that is there already is changed, else one is added. */
  readonly data?: { readonly offset: number; readonly length: number; readonly id: string };
}

/** The bytes that make a table: the start of the disk, and the end of it. */
export interface GptBytes {
  readonly head: Buffer;
  readonly tail: { readonly offset: number; readonly bytes: Buffer };
}

/**
 * Fits the table at the start of an image to the disk the image is written to. Boot code, the
 * active entry of the MBR, ids and all other partitions stay as they are. Throws
 * {@link FormatError} when there is no sound table or no room in it.
 */
export function changeGpt(image: Buffer, { bytes, data }: GptChange): GptBytes {
  const head = Buffer.from(image);
  const before = parseHeader(head.subarray(SECTOR, 2 * SECTOR), 1);
  const table = head.subarray(before.entries * SECTOR, tableEnd(before));
  if (tableEnd(before) > head.length) throw new FormatError('its GPT lies in an unusual place');
  const partitions = parseEntries(table, before);
  const last = Math.floor(bytes / SECTOR) - 1;
  const { tableSectors, lastUsable } = placesAtEnd(before, bytes);
  if (data) writeData(table, before, partitions, data);
  const after = { ...before, other: last, lastUsable, entriesSum: crc32(table) };
  // Reads all partitions again, with the new end.
  parseEntries(table, after);
  writeHeader(head.subarray(SECTOR, 2 * SECTOR), after);
  writeProtectiveMbr(head, last);

  const tail = Buffer.alloc((tableSectors + 1) * SECTOR);
  table.copy(tail);
  const copy = tail.subarray(tableSectors * SECTOR);
  head.copy(copy, 0, SECTOR, 2 * SECTOR);
  writeHeader(copy, { ...after, own: last, other: 1, entries: last - tableSectors });
  return { head, tail: { offset: (last - tableSectors) * SECTOR, bytes: tail } };
}

/** Where partitions must end on a disk of this size, in bytes, for the table of this header. */
export function usableEnd(header: Header, bytes: number): number {
  return (placesAtEnd(header, bytes).lastUsable + 1) * SECTOR;
}

function placesAtEnd({ entryCount, entrySize }: Header, bytes: number) {
  const tableSectors = Math.ceil((entryCount * entrySize) / SECTOR);
  return { tableSectors, lastUsable: Math.floor(bytes / SECTOR) - 2 - tableSectors };
}

function tableEnd({ entries, entryCount, entrySize }: Header): number {
  return entries * SECTOR + entryCount * entrySize;
}

function writeData(
  table: Buffer,
  { entryCount, entrySize }: Header,
  partitions: readonly Partition[],
  { offset, length, id }: NonNullable<GptChange['data']>,
): void {
  const present = partitions.find(({ type }) => type === DATA_TYPE);
  const taken = new Set(partitions.map(({ number }) => number));
  const free = Array.from({ length: entryCount }, (_, index) => index + 1).find(
    (number) => !taken.has(number),
  );
  const number = present?.number ?? free;
  if (number === undefined) throw new FormatError('its GPT has no free entry');
  const entry = table.subarray((number - 1) * entrySize, number * entrySize);
  entry.writeBigUInt64LE(BigInt(offset / SECTOR), 32);
  entry.writeBigUInt64LE(BigInt((offset + length) / SECTOR - 1), 40);
  if (present) return;
  encodeGuid(DATA_TYPE).copy(entry, 0);
  encodeGuid(id).copy(entry, 16);
  entry.write(DATA_NAME, 56, 'utf16le');
}

function writeHeader(sector: Buffer, header: Header): void {
  sector.writeBigUInt64LE(BigInt(header.own), 24);
  sector.writeBigUInt64LE(BigInt(header.other), 32);
  sector.writeBigUInt64LE(BigInt(header.lastUsable), 48);
  sector.writeBigUInt64LE(BigInt(header.entries), 72);
  sector.writeUInt32LE(header.entriesSum, 88);
  sector.writeUInt32LE(0, 16);
  sector.writeUInt32LE(crc32(sector.subarray(0, header.headerSize)), 16);
}

/** Only the entry that covers the whole disk; another one may be there to be active. */
function writeProtectiveMbr(head: Buffer, last: number): void {
  for (let at = 446; at < 510; at += 16) {
    if (head[at + 4] !== 0xee) continue;
    head.fill(0xff, at + 5, at + 8);
    head.writeUInt32LE(Math.min(last, 0xffff_ffff), at + 12);
  }
}
