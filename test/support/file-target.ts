import { closeSync, fsyncSync, openSync, readSync, statSync, writeSync } from 'node:fs';

import type { Target } from '../../packages/cli/src/write/target.ts';

/** What may be wrong with a device. */
export interface Faults {
  /** The device reports an error when this byte is written. */
  readonly failsAt?: number;
  /** The device says that it is larger than it is: writes from this byte on find no room. */
  readonly endsAt?: number;
  /** A bit is another when this byte is read back. */
  readonly forgets?: number;
  /** It was pulled out after an error. */
  readonly pulled?: boolean;
  /** Called before each write. */
  readonly onWrite?: (offset: number, length: number) => void;
}

/** A file in the role of a device. */
export function fileTarget(path: string, faults: Faults = {}): Target & { readonly log: string[] } {
  const file = openSync(path, 'r+');
  const log: string[] = [];
  const within = (at: number | undefined, offset: number, length: number) =>
    at !== undefined && at >= offset && at < offset + length;
  const error = (code: string) => Object.assign(new Error(code), { code });
  return {
    path,
    bytes: statSync(path).size,
    log,
    async read(buffer, offset) {
      readSync(file, buffer, 0, buffer.length, offset);
      if (within(faults.forgets, offset, buffer.length)) {
        const at = (faults.forgets ?? 0) - offset;
        buffer[at] = (buffer[at] ?? 0) ^ 4;
      }
    },
    async write(buffer, offset) {
      faults.onWrite?.(offset, buffer.length);
      if (within(faults.failsAt, offset, buffer.length)) throw error('EIO');
      if (within(faults.endsAt, offset, buffer.length)) throw error('ENOSPC');
      log.push(`write ${offset}`);
      writeSync(file, buffer, 0, buffer.length, offset);
    },
    async sync() {
      log.push('sync');
      fsyncSync(file);
    },
    async forget() {
      log.push('forget');
    },
    async lend(action) {
      log.push('lend');
      return action();
    },
    isThere: async () => faults.pulled !== true,
    async close() {
      log.push('close');
      closeSync(file);
    },
  };
}
