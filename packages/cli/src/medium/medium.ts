import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { posix } from 'node:path';

import { LivesysError } from '@livesys/core/plugin';

import { type Bytes, fileBytes, FormatError, partOf } from '../disk/bytes.ts';
import { DATA_TYPE, type Gpt, LAYERS_NAME, type Partition, readGpt } from '../disk/gpt.ts';
import { sizeOf } from '../disk/size.ts';
import { systemCode } from '../terminal/system-error.ts';
import { bootableBy } from './el-torito.ts';
import { type IsoEntry, Iso9660 } from './iso9660.ts';
import { type Manifest, MANIFEST_LIMIT, parseManifest } from './manifest.ts';

const HOME = '/livesys';

/** A kernel on the medium with its boot image. */
export interface MediumKernel {
  readonly release: string;
  readonly image: IsoEntry;
  readonly initrd: IsoEntry;
}

/** A livesys medium that is open for reading. Close it. */
export interface Medium {
  readonly path: string;
  readonly kind: 'file' | 'device';
  /** `disk`: the layers lie in a partition of their own; `iso`: all of it is one ISO. */
  readonly form: 'disk' | 'iso';
  readonly label: string;
  readonly bytes: number;
  readonly gpt: Gpt | undefined;
  /** Where changes are kept, if there is such a place. */
  readonly data: Partition | undefined;
  readonly manifest: Manifest;
  /** `manifest.json`, for what only tools want to know; empty if it cannot be read. */
  readonly details: Readonly<Record<string, unknown>>;
  readonly firmware: readonly ('bios' | 'uefi')[];
  readonly kernels: readonly MediumKernel[];
  /** A file of the manifest, or nothing if it is not there. */
  find(file: string): Promise<IsoEntry | undefined>;
  read(entry: IsoEntry): AsyncGenerator<Buffer>;
  /** Where a file begins in the medium, in bytes; undefined where it lies in pieces. */
  offsetOf(entry: IsoEntry): number | undefined;
  /** Whether all of a file lies inside of the image. */
  reaches(entry: IsoEntry): boolean;
  close(): Promise<void>;
}

/** Opens an ISO file, a disk image, or a device that one was written to. */
export async function openMedium(path: string): Promise<Medium> {
  // Without O_NONBLOCK a named pipe would wait for someone to write into it.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch(
    (error: unknown) => {
      throw cannotOpen(path, error);
    },
  );
  try {
    return await readMedium(path, file);
  } catch (error) {
    await file.close();
    if (error instanceof FormatError) throw notMedium(path, error.message);
    throw error;
  }
}

async function readMedium(path: string, file: FileHandle): Promise<Medium> {
  const stats = await file.stat();
  if (!stats.isFile() && !stats.isBlockDevice()) throw neitherFileNorDevice(path);
  const disk = fileBytes(file, await sizeOf(stats));
  await refuseUnfinished(disk);
  const gpt = await readGpt(disk);
  const layers = gpt?.partitions.find(({ name }) => name === LAYERS_NAME);
  const isoBytes = layers ? partOf(disk, layers.offset, layers.length) : disk;
  const iso = await Iso9660.open(isoBytes);
  const entry = await iso.find(`${HOME}/manifest`);
  if (!entry) throw notMedium(path, 'it holds no livesys image');
  const manifest = parseManifest(await iso.readText(entry, MANIFEST_LIMIT));
  if ('problem' in manifest) throw notMedium(path, manifest.problem);
  return {
    path,
    kind: stats.isFile() ? 'file' : 'device',
    form: layers ? 'disk' : 'iso',
    label: iso.label,
    bytes: disk.size,
    gpt,
    data: gpt?.partitions.find(({ type }) => type === DATA_TYPE),
    manifest,
    details: await readDetails(iso),
    firmware: layers && gpt ? startedBy(gpt) : await bootableBy(disk),
    kernels: await listKernels(iso),
    find: (name) => iso.find(posix.join(HOME, name)),
    read: (found) => iso.read(found),
    offsetOf: ({ extents }) => {
      const [first, ...rest] = extents;
      let end = (first?.offset ?? 0) + (first?.length ?? 0);
      for (const { offset, length } of rest) {
        if (offset !== end) return undefined;
        end += length;
      }
      return first === undefined ? undefined : (layers?.offset ?? 0) + first.offset;
    },
    reaches: ({ extents }) =>
      extents.every(({ offset, length }) => offset + length <= isoBytes.size),
    close: () => file.close(),
  };
}

/** A write begins with this line and puts what belongs there last. */
export const UNFINISHED = 'livesys: the writing of this medium did not end\n';

async function refuseUnfinished(disk: Bytes): Promise<void> {
  const start = await disk.read(0, Math.min(UNFINISHED.length, disk.size));
  if (start.toString('latin1') === UNFINISHED) {
    throw new FormatError('writing it was interrupted, and it has to be written again');
  }
}

const STARTERS: Readonly<Record<string, 'bios' | 'uefi'>> = {
  '21686148-6449-6e6f-744e-656564454649': 'bios',
  'c12a7328-f81f-11d2-ba4b-00a0c93ec93b': 'uefi',
};

/** Which firmware finds a boot loader in the partitions of a disk. */
function startedBy({ partitions }: Gpt): ('bios' | 'uefi')[] {
  const found = partitions.flatMap(({ type }) => STARTERS[type] ?? []);
  return [...new Set(found)].toSorted();
}

async function readDetails(iso: Iso9660): Promise<Readonly<Record<string, unknown>>> {
  const entry = await iso.find(`${HOME}/manifest.json`);
  if (!entry) return {};
  try {
    const value: unknown = JSON.parse(await iso.readText(entry));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

async function listKernels(iso: Iso9660): Promise<MediumKernel[]> {
  const folder = await iso.find(`${HOME}/boot`);
  const kernels: MediumKernel[] = [];
  for (const { name, directory } of folder ? await iso.list(folder) : []) {
    if (!directory) continue;
    const image = await iso.find(`${HOME}/boot/${name}/vmlinuz`);
    const initrd = await iso.find(`${HOME}/boot/${name}/initrd`);
    if (image && initrd) kernels.push({ release: name, image, initrd });
  }
  return kernels;
}

function neitherFileNorDevice(path: string): LivesysError {
  return new LivesysError('LIVESYS_USAGE', `${path} is neither a file nor a block device.`, {
    hint: 'Name an image that livesys built, or the device of a stick.',
  });
}

export function notMedium(path: string, why: string): LivesysError {
  return new LivesysError(
    'LIVESYS_MEDIUM_INVALID',
    `${path} is not an intact livesys medium: ${why}.`,
  );
}

function cannotOpen(path: string, error: unknown): LivesysError {
  const hints: Readonly<Record<string, string>> = {
    ENOENT: 'Check the name, or make one with livesys build.',
    EACCES: 'Run the same command with sudo, or let this user read it.',
  };
  return new LivesysError('LIVESYS_USAGE', `${path} cannot be opened (${systemCode(error)}).`, {
    hint: hints[systemCode(error)] ?? 'Name an image that livesys built, or the device of a stick.',
    cause: error,
  });
}
