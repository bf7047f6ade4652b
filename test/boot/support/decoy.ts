import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

import type { Drive } from '../../../packages/cli/src/qemu/index.ts';

/** Disks of somebody else: a live system that writes a single bit to one of them has failed. */
export interface Decoys {
  readonly drives: readonly Drive[];
  /** Names of those that are not what they were. */
  changed(): Promise<string[]>;
}

const SIZE = 32 * 1024 * 1024;

/** An ext4 that looks like a home, one with a dirty journal to be replayed, and a swap area. */
export async function makeDecoys(folder: string): Promise<Decoys> {
  const files = {
    ext4: make(folder, 'ext4', (file) => {
      execFileSync('mkfs.ext4', ['-q', '-F', '-L', 'home', file]);
    }),
    dirty: make(folder, 'dirty', (file) => {
      execFileSync('mkfs.ext4', ['-q', '-F', '-L', 'LIVESYS-DATA', file]);
      // Bit needs_recovery of the incompatible features: mounting it, even read-only, would write.
      execFileSync('debugfs', ['-w', '-R', 'feature needs_recovery', file], { stdio: 'ignore' });
    }),
    swap: make(folder, 'swap', (file) => {
      execFileSync('mkswap', [file], { stdio: 'ignore' });
    }),
  };
  const before = new Map<string, string>();
  for (const [name, file] of Object.entries(files)) before.set(name, await hashFile(file));
  return {
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

export async function hashFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}
