import { type Bytes, FormatError } from '../disk/bytes.ts';

/** A file or folder on the medium. Its data may lie in several pieces (more than 4 GiB). */
export interface IsoEntry {
  readonly name: string;
  readonly directory: boolean;
  readonly size: number;
  readonly extents: readonly Extent[];
}

interface Extent {
  /** Bytes from the start of the image. */
  readonly offset: number;
  readonly length: number;
}

const SECTOR = 2048;
/** Far above what a folder of a medium needs; what lies above is damage. */
const DIRECTORY_LIMIT = 4 * 1024 * 1024;
const CHUNK = 1024 * 1024;

/**
 * Reads files out of an ISO 9660 image without mounting it, so neither root nor a kernel module is
 * needed. Names come from Rock Ridge where they are there. Throws {@link FormatError} for anything
 * that is not such an image.
 */
export class Iso9660 {
  readonly label: string;
  private readonly file: Bytes;
  private readonly root: IsoEntry;
  /** Bytes that come before Rock Ridge entries in each record. */
  private readonly skip: number;

  private constructor(file: Bytes, volume: Buffer, skip: number) {
    this.file = file;
    this.label = volume.subarray(40, 72).toString('latin1').trimEnd();
    this.root = entryOf(volume.subarray(156, 190), '/');
    this.skip = skip;
  }

  static async open(file: Bytes): Promise<Iso9660> {
    const volume = await file.read(16 * SECTOR, SECTOR);
    if (volume[0] !== 1 || volume.subarray(1, 6).toString('latin1') !== 'CD001') {
      throw new FormatError('it is not an ISO 9660 image');
    }
    if (volume.readUInt16LE(128) !== SECTOR) throw new FormatError('its block size is not 2048');
    const rootOffset = volume.readUInt32LE(156 + 2) * SECTOR;
    const first = await file.read(rootOffset, SECTOR);
    return new Iso9660(file, volume, sharingSkip(first));
  }

  /** What is at a path, or nothing. */
  async find(path: string): Promise<IsoEntry | undefined> {
    let entry: IsoEntry | undefined = this.root;
    for (const name of path.split('/').filter((part) => part !== '')) {
      if (!entry?.directory) return undefined;
      entry = (await this.list(entry)).find((child) => child.name === name);
    }
    return entry;
  }

  /** The content of a folder, in the order of the image. */
  async list(directory: IsoEntry): Promise<IsoEntry[]> {
    if (directory.size > DIRECTORY_LIMIT)
      throw new FormatError(`the folder ${directory.name} is damaged`);
    const entries: IsoEntry[] = [];
    for (const { offset, length } of directory.extents) {
      const bytes = await this.file.read(offset, length);
      for (const record of directoryRecords(bytes)) {
        const name = await this.nameOf(record);
        if (name !== undefined) addEntry(entries, record, name);
      }
    }
    return entries;
  }

  /** A small file as text. */
  async readText(entry: IsoEntry, limit = CHUNK): Promise<string> {
    if (entry.size > limit) throw new FormatError(`${entry.name} is larger than ${limit} bytes`);
    const parts: Buffer[] = [];
    for await (const chunk of this.read(entry)) parts.push(chunk);
    return Buffer.concat(parts).toString('utf8');
  }

  /** The bytes of a file in pieces. */
  async *read(entry: IsoEntry): AsyncGenerator<Buffer> {
    for (const { offset, length } of entry.extents) {
      for (let done = 0; done < length; done += CHUNK) {
        yield await this.file.read(offset + done, Math.min(CHUNK, length - done));
      }
    }
  }

  /** Rock Ridge name, else the plain one; nothing for `.` and `..`. */
  private async nameOf(record: Buffer): Promise<string | undefined> {
    const length = record[32] ?? 0;
    if (length === 1 && (record[33] ?? 0) <= 1) return undefined;
    const plain = record.subarray(33, 33 + length).toString('latin1');
    const systemUse = record.subarray(33 + length + ((length + 1) % 2) + this.skip);
    return (await this.rockRidgeName(systemUse)) ?? plain.replace(/\.?;\d+$/, '').toLowerCase();
  }

  private async rockRidgeName(systemUse: Buffer): Promise<string | undefined> {
    let name: string | undefined;
    let area: Buffer | undefined = systemUse;
    for (let areas = 0; area !== undefined && areas < 16; areas += 1) {
      let next: Buffer | undefined;
      for (const field of systemUseFields(area)) {
        const kind = field.subarray(0, 2).toString('latin1');
        if (kind === 'NM') name = (name ?? '') + field.subarray(5).toString('utf8');
        else if (kind === 'CE' && field.length >= 28) next = await this.continuation(field);
      }
      area = next;
    }
    return name;
  }

  private continuation(field: Buffer): Promise<Buffer> {
    const offset = field.readUInt32LE(4) * SECTOR + field.readUInt32LE(12);
    return this.file.read(offset, Math.min(field.readUInt32LE(20), SECTOR));
  }
}

/** A record never crosses a sector; the rest of one is filled with zeros. */
function* directoryRecords(bytes: Buffer): Generator<Buffer> {
  for (let offset = 0; offset < bytes.length;) {
    const length = bytes[offset] ?? 0;
    if (length === 0) {
      offset = (Math.floor(offset / SECTOR) + 1) * SECTOR;
    } else {
      if (length < 34 || offset + length > bytes.length)
        throw new FormatError('a folder is damaged');
      yield bytes.subarray(offset, offset + length);
      offset += length;
    }
  }
}

function* systemUseFields(area: Buffer): Generator<Buffer> {
  for (let offset = 0; offset + 4 <= area.length;) {
    const length = area[offset + 2] ?? 0;
    if (length < 4 || offset + length > area.length) return;
    yield area.subarray(offset, offset + length);
    offset += length;
  }
}

function entryOf(record: Buffer, name: string): IsoEntry {
  const extent = { offset: record.readUInt32LE(2) * SECTOR, length: record.readUInt32LE(10) };
  const directory = ((record[25] ?? 0) & 2) !== 0;
  return { name, directory, size: extent.length, extents: [extent] };
}

/** Pieces of a large file follow each other under the same name. */
function addEntry(entries: IsoEntry[], record: Buffer, name: string): void {
  const entry = entryOf(record, name);
  const before = entries.at(-1);
  if (before?.name !== name || before.directory || entry.directory) {
    entries.push(entry);
    return;
  }
  entries[entries.length - 1] = {
    ...before,
    size: before.size + entry.size,
    extents: [...before.extents, ...entry.extents],
  };
}

/** The SP field of the root's first record tells how many bytes to skip; mostly 0. */
function sharingSkip(firstSector: Buffer): number {
  const record = firstSector.subarray(0, firstSector[0] ?? 0);
  const field = record.subarray(34);
  const present = field.length >= 7 && field.subarray(0, 2).toString('latin1') === 'SP';
  return present ? (field[6] ?? 0) : 0;
}
