import { execFile } from 'node:child_process';
import { readFile, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';

import { findProgram } from '../programs/find-program.ts';
import { type Acceleration, detectAcceleration, findFirmware } from '../qemu/index.ts';

/** What the checks may ask of a machine. Tests answer for machines they do not have. */
export interface System {
  readonly nodeVersion: string;
  readonly uid: number;
  readonly userName: string;
  /** Where this user's results are kept. */
  readonly cache: string;
  readonly hasDisplay: boolean;
  readText: (path: string) => Promise<string | undefined>;
  findProgram(name: string): Promise<string | undefined>;
  /** Makes a user namespace with subordinate ids, in which a sandbox would run. */
  tryNamespace(): Promise<'works' | 'no-subordinate-ids' | 'refused'>;
  acceleration(qemu: string): Promise<Acceleration>;
  hasFirmware(secureBoot: boolean): Promise<boolean>;
  fileSystem(path: string): Promise<FileSystem>;
}

interface FileSystem {
  /** `ext4`, or the number of the type in hex where it is not known. */
  readonly type: string;
  readonly free: number;
  /** The folder that was looked at: the nearest one that exists. */
  readonly folder: string;
}

/** From statfs(2). */
const TYPES: Readonly<Record<number, string>> = {
  0xef53: 'ext4',
  0x9123683e: 'btrfs',
  0x58465342: 'xfs',
  0xf2f52010: 'f2fs',
  0x2fc12fc1: 'zfs',
  0x01021994: 'tmpfs',
  0x794c7630: 'overlay',
  0x4d44: 'vfat',
  0x2011bab0: 'exfat',
  0x5346544e: 'ntfs',
  0x6969: 'nfs',
  0xff534d42: 'cifs',
  0xfe534d42: 'smb',
  0x65735546: 'fuse',
  0x01021997: '9p',
};

/** The machine this runs on. */
export function thisSystem(options: {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly uid: number;
  readonly userName: string;
  readonly cache: string;
}): System {
  const { env, uid, userName, cache } = options;
  return {
    nodeVersion: process.versions.node,
    uid,
    userName,
    cache,
    hasDisplay: Boolean(env['DISPLAY'] || env['WAYLAND_DISPLAY']),
    readText: (path) => readFile(path, 'utf8').catch(() => undefined),
    findProgram: (name) => findProgram(name, env),
    tryNamespace,
    acceleration: detectAcceleration,
    hasFirmware: async (secureBoot) => (await findFirmware(secureBoot)) !== undefined,
    fileSystem: fileSystemOf,
  };
}

/** First without `--map-auto`: where the kernel refuses, that leaves a process that waits for ever. */
async function tryNamespace(): ReturnType<System['tryNamespace']> {
  const common = ['--user', '--map-root-user'];
  const rest = ['--mount', '--pid', '--fork', '--mount-proc', 'true'];
  if (!(await succeeds('unshare', [...common, ...rest]))) return 'refused';
  const mapped = await succeeds('unshare', [...common, '--map-auto', ...rest]);
  return mapped ? 'works' : 'no-subordinate-ids';
}

function succeeds(program: string, argv: readonly string[]): Promise<boolean> {
  return new Promise((resolve) => {
    execFile(program, argv, { timeout: 5000 }, (error) => resolve(error === null));
  });
}

async function fileSystemOf(path: string): Promise<FileSystem> {
  for (let folder = path; ; folder = dirname(folder)) {
    const found = await statfs(folder).catch(() => undefined);
    if (found) {
      const type = TYPES[found.type] ?? `0x${found.type.toString(16)}`;
      return { type, free: found.bavail * found.bsize, folder };
    }
    if (folder === dirname(folder)) return { type: 'unknown', free: 0, folder };
  }
}
