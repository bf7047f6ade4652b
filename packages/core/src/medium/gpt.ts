import { crc32 } from 'node:zlib';

/** A partition as it lies on a disk. Sectors have 512 bytes; `last` belongs to it. */
export interface GptPartition {
  readonly number: number;
  readonly type: string;
  readonly guid: string;
  readonly name: string;
  readonly first: number;
  readonly last: number;
}

export interface GptDisk {
  readonly guid: string;
  readonly sectors: number;
  readonly partitions: readonly GptPartition[];
  /** Whether the protective entry of the MBR is marked as active. */
  readonly active: boolean;
}

/** Bytes of a GPT, each by the byte of the disk where it belongs. */
export type GptBytes = readonly { readonly at: number; readonly bytes: Uint8Array }[];

export const SECTOR = 512;
/** Sectors at the end of a disk that the copy of the table takes. */
const GPT_TAIL = 33;
const ENTRIES = 128;
const ENTRY = 128;
const HEADER = 92;
/** Where the table of partitions ends and partitions may begin. */
const FIRST_USABLE = 34;

/**
 * A GUID partition table as UEFI 2.10 defines it in chapter 5: the protective MBR without its boot
 * code, the table at the beginning and its copy at the end.
 */
export function gptBytes(disk: GptDisk): GptBytes {
  const end = disk.sectors - 1;
  const entries = entryArray(disk.partitions);
  const copy = end - GPT_TAIL + 1;
  return [
    { at: 446, bytes: protectiveMbr(disk) },
    { at: SECTOR, bytes: header(disk, entries, { own: 1, other: end, entries: 2 }) },
    { at: 2 * SECTOR, bytes: entries },
    { at: copy * SECTOR, bytes: entries },
    { at: end * SECTOR, bytes: header(disk, entries, { own: end, other: 1, entries: copy }) },
  ];
}

/** Bytes 446 to 511: one entry over the whole disk, so that old tools leave it alone. */
function protectiveMbr({ sectors, active }: GptDisk): Uint8Array {
  const bytes = Buffer.alloc(66);
  bytes[0] = active ? 0x80 : 0;
  bytes.set([0x00, 0x02, 0x00, 0xee, 0xff, 0xff, 0xff], 1);
  bytes.writeUInt32LE(1, 8);
  bytes.writeUInt32LE(Math.min(sectors - 1, 0xff_ff_ff_ff), 12);
  bytes.set([0x55, 0xaa], 64);
  return bytes;
}

function header(
  { guid, sectors }: GptDisk,
  entries: Uint8Array,
  at: { readonly own: number; readonly other: number; readonly entries: number },
): Uint8Array {
  const bytes = Buffer.alloc(SECTOR);
  bytes.write('EFI PART', 'latin1');
  bytes.writeUInt32LE(0x0001_0000, 8);
  bytes.writeUInt32LE(HEADER, 12);
  bytes.writeBigUInt64LE(BigInt(at.own), 24);
  bytes.writeBigUInt64LE(BigInt(at.other), 32);
  bytes.writeBigUInt64LE(BigInt(FIRST_USABLE), 40);
  bytes.writeBigUInt64LE(BigInt(sectors - 1 - GPT_TAIL), 48);
  bytes.set(guidBytes(guid), 56);
  bytes.writeBigUInt64LE(BigInt(at.entries), 72);
  bytes.writeUInt32LE(ENTRIES, 80);
  bytes.writeUInt32LE(ENTRY, 84);
  bytes.writeUInt32LE(crc32(entries), 88);
  bytes.writeUInt32LE(crc32(bytes.subarray(0, HEADER)), 16);
  return bytes;
}

function entryArray(partitions: readonly GptPartition[]): Uint8Array {
  const bytes = Buffer.alloc(ENTRIES * ENTRY);
  for (const { number, type, guid, name, first, last } of partitions) {
    const entry = bytes.subarray((number - 1) * ENTRY, number * ENTRY);
    entry.set(guidBytes(type), 0);
    entry.set(guidBytes(guid), 16);
    entry.writeBigUInt64LE(BigInt(first), 32);
    entry.writeBigUInt64LE(BigInt(last), 40);
    entry.write(name, 56, 'utf16le');
  }
  return bytes;
}

/** A GUID as a GPT holds it: the first three groups with their lowest byte first. */
function guidBytes(guid: string): Uint8Array {
  const bytes = Buffer.from(guid.replaceAll('-', ''), 'hex');
  bytes.subarray(0, 4).reverse();
  bytes.subarray(4, 6).reverse();
  bytes.subarray(6, 8).reverse();
  return bytes;
}
