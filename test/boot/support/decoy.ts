import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  closeSync,
  createReadStream,
  openSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

import type { Drive } from '../../../packages/cli/src/qemu/index.ts';
import { lvmMember, raidMember } from './foreign-signatures.ts';

/** Disks of somebody else: a live system that writes a single bit to one of them has failed. */
export interface Decoys {
  readonly drives: readonly Drive[];
  /** By name. */
  readonly files: Readonly<Record<string, string>>;
  /** Names of those that are not what they were. */
  changed(): Promise<string[]>;
}

const SIZE = 16 * 1024 * 1024;
/** Where swap says that a sleeping system lies in it. */
const SWAP_SIGNATURE = 4096 - 10;

/** How to make each: what blkid must take it for, and by what. */
const KINDS: Readonly<Record<string, (file: string) => void>> = {
  /** Looks like a home. */
  ext4: (file) => call('mkfs.ext4', '-q', '-F', '-L', 'home', file),
  /** Its journal waits to be replayed: mounting it, even read-only, would write. */
  dirty: (file) => {
    call('mkfs.ext4', '-q', '-F', '-L', 'LIVESYS-DATA', file);
    call('debugfs', '-w', '-R', 'feature needs_recovery', file);
  },
  swap: (file) => call('mkswap', file),
  hibernated: (file) => {
    call('mkswap', file);
    patch(file, Buffer.from('S1SUSPEND\0'), SWAP_SIGNATURE);
  },
  luks: (file) => {
    const key = `${file}.key`;
    writeFileSync(key, 'secret');
    const quick = ['--pbkdf-force-iterations', '1000', '--batch-mode'];
    call('cryptsetup', 'luksFormat', '--type', 'luks1', ...quick, file, key);
  },
  lvm: (file) => patch(file, lvmMember(SIZE), 0),
  raid: (file) => patch(file, raidMember(SIZE), 0),
};

/** One of each kind: a home, a dirty journal, swap, a sleeping system, and parts of volumes. */
export async function makeDecoys(folder: string): Promise<Decoys> {
  const files = Object.fromEntries(
    Object.entries(KINDS).map(([name, fill]) => [name, make(folder, name, fill)]),
  );
  const before = new Map<string, string>();
  for (const [name, file] of Object.entries(files)) before.set(name, await hashFile(file));
  return {
    files,
    drives: Object.values(files).map((file) => ({ file, as: 'disk', writes: 'keep' })),
    async changed() {
      const names: string[] = [];
      for (const [name, file] of Object.entries(files)) {
        if ((await hashFile(file)) !== before.get(name)) names.push(name);
      }
      return names;
    },
  };
}

function make(folder: string, name: string, fill: (file: string) => void): string {
  const file = join(folder, `decoy-${name}.img`);
  writeFileSync(file, '', { mode: 0o600 });
  truncateSync(file, SIZE);
  fill(file);
  return file;
}

function call(program: string, ...argv: readonly string[]): void {
  execFileSync(program, argv, { stdio: 'ignore' });
}

function patch(path: string, bytes: Buffer, offset: number): void {
  const file = openSync(path, 'r+');
  writeSync(file, bytes, 0, bytes.length, offset);
  closeSync(file);
}

export async function hashFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}
