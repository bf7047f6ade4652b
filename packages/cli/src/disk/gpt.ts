import { crc32 } from 'node:zlib';

import { type Bytes, FormatError } from './bytes.ts';
import { decodeGuid } from './guid.ts';

/** Images are made for devices with sectors of this size, in bytes. */
export const SECTOR = 512;

/** Type of the partition that keeps changes and the selection. */
export const DATA_TYPE = '4c495645-5359-5344-4154-410a7b3d5e91';
/** Its name, which is the label of its file system, too. */
export const DATA_NAME = 'LIVESYS-DATA';
/** Name of the partition that holds the layers, where they lie on a disk image. */
export const LAYERS_NAME = 'LIVESYS-LAYERS';

/** A partition, in bytes from the start of the disk. */
export interface Partition {
  /** Counted from 1, as in `/dev/sda1`. */
  readonly number: number;
  readonly type: string;
  readonly id: string;
  readonly name: string;
  readonly offset: number;
  readonly length: number;
}

/** A partition table. Places are sectors, those of partitions bytes. */
export interface Gpt {
  readonly disk: string;
  readonly header: Header;
  readonly partitions: readonly Partition[];
}

/** What the header of a table says. */
export interface Header {
  /** Where this copy lies, and where the other one. */
  readonly own: number;
  readonly other: number;
  readonly firstUsable: number;
  readonly lastUsable: number;
  readonly entries: number;
  readonly entryCount: number;
  readonly entrySize: number;
  readonly headerSize: number;
  readonly entriesSum: number;
}

const SIGNATURE = 'EFI PART';
/** Far above the usual 128; what lies above is damage. */
const ENTRY_LIMIT = 1024;
/** Beyond, bytes can no longer be counted exactly. */
const SECTOR_LIMIT = Math.floor(Number.MAX_SAFE_INTEGER / SECTOR);

/** The partition table of a disk, from its start or else from its end; nothing if it has none. */
export async function readGpt(disk: Bytes): Promise<Gpt | undefined> {
  const last = Math.floor(disk.size / SECTOR) - 1;
  for (const at of [1, last]) {
    try {
      return await readCopy(disk, at);
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
    }
  }
  return undefined;
}

async function readCopy(disk: Bytes, at: number): Promise<Gpt> {
  const sector = await disk.read(at * SECTOR, SECTOR);
  const header = parseHeader(sector, at);
  const { entries, entryCount, entrySize } = header;
  const table = await disk.read(entries * SECTOR, entryCount * entrySize);
  return {
    disk: decodeGuid(sector.subarray(56, 72)),
    header,
    partitions: parseEntries(table, header),
  };
}

/** Reads the header that lies in the sector `at`. Throws {@link FormatError}. */
export function parseHeader(sector: Buffer, at: number): Header {
  if (sector.subarray(0, 8).toString('latin1') !== SIGNATURE) {
    throw new FormatError('it has no GPT');
  }
  const headerSize = sector.readUInt32LE(12);
  if (headerSize < 92 || headerSize > SECTOR) throw new FormatError('its GPT is damaged');
  const summed = Buffer.from(sector.subarray(0, headerSize));
  summed.writeUInt32LE(0, 16);
  const header: Header = {
    headerSize,
    own: sectorNumber(sector, 24),
    other: sectorNumber(sector, 32),
    firstUsable: sectorNumber(sector, 40),
    lastUsable: sectorNumber(sector, 48),
    entries: sectorNumber(sector, 72),
    entryCount: sector.readUInt32LE(80),
    entrySize: sector.readUInt32LE(84),
    entriesSum: sector.readUInt32LE(88),
  };
  const whole =
    crc32(summed) === sector.readUInt32LE(16) &&
    header.own === at &&
    header.entryCount > 0 &&
    header.entryCount <= ENTRY_LIMIT &&
    (header.entrySize === 128 || header.entrySize === 256);
  if (!whole) throw new FormatError('its GPT is damaged');
  return header;
}

/** Reads the partitions that a header tells of. Throws {@link FormatError}. */
export function parseEntries(table: Buffer, header: Header): Partition[] {
  const { entryCount, entrySize, entriesSum, firstUsable, lastUsable } = header;
  if (table.length !== entryCount * entrySize || crc32(table) !== entriesSum) {
    throw new FormatError('its GPT is damaged');
  }
  return Array.from({ length: entryCount }, (_, index) => {
    const entry = table.subarray(index * entrySize, (index + 1) * entrySize);
    if (entry.subarray(0, 16).every((byte) => byte === 0)) return undefined;
    const [first, last] = [sectorNumber(entry, 32), sectorNumber(entry, 40)];
    if (first < firstUsable || last > lastUsable || last < first) {
      throw new FormatError(`partition ${index + 1} of its GPT is damaged`);
    }
    return {
      number: index + 1,
      type: decodeGuid(entry.subarray(0, 16)),
      id: decodeGuid(entry.subarray(16, 32)),
      name: entry.subarray(56, 128).toString('utf16le').replace(/\0.*$/s, ''),
      offset: first * SECTOR,
      length: (last - first + 1) * SECTOR,
    };
  }).filter((partition) => partition !== undefined);
}

function sectorNumber(bytes: Buffer, at: number): number {
  const value = bytes.readBigUInt64LE(at);
  if (value > BigInt(SECTOR_LIMIT)) throw new FormatError('its GPT is damaged');
  return Number(value);
}
