import { type FileHandle, open } from 'node:fs/promises';
import { posix } from 'node:path';

import { LivesysError } from '@livesys/core/plugin';

import { systemCode } from '../terminal/system-error.ts';
import { bootableBy } from './el-torito.ts';
import { type IsoEntry, Iso9660, IsoError } from './iso9660.ts';
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
  readonly label: string;
  readonly bytes: number;
  readonly manifest: Manifest;
  /** `manifest.json`, for what only tools want to know; empty if it cannot be read. */
  readonly details: Readonly<Record<string, unknown>>;
  readonly firmware: readonly ('bios' | 'uefi')[];
  readonly kernels: readonly MediumKernel[];
  /** A file of the manifest, or nothing if it is not there. */
  find(file: string): Promise<IsoEntry | undefined>;
  read(entry: IsoEntry): AsyncGenerator<Buffer>;
  close(): Promise<void>;
}

/** Opens an ISO file, or a device that one was written to. */
export async function openMedium(path: string): Promise<Medium> {
  const file = await open(path, 'r').catch((error: unknown) => {
    throw cannotOpen(path, error);
  });
  try {
    return await readMedium(path, file);
  } catch (error) {
    await file.close();
    if (error instanceof IsoError) throw notMedium(path, error.message);
    throw error;
  }
}

async function readMedium(path: string, file: FileHandle): Promise<Medium> {
  const iso = await Iso9660.open(file);
  const entry = await iso.find(`${HOME}/manifest`);
  if (!entry) throw notMedium(path, 'it holds no livesys image');
  const manifest = parseManifest(await iso.readText(entry, MANIFEST_LIMIT));
  if ('problem' in manifest) throw notMedium(path, manifest.problem);
  return {
    path,
    label: iso.label,
    bytes: (await file.stat()).size,
    manifest,
    details: await readDetails(iso),
    firmware: await bootableBy(file),
    kernels: await listKernels(iso),
    find: (name) => iso.find(posix.join(HOME, name)),
    read: (found) => iso.read(found),
    close: () => file.close(),
  };
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
    hint: hints[systemCode(error)] ?? 'Name an ISO file that livesys built.',
    cause: error,
  });
}
