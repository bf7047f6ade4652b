import type { WriteStream } from 'node:tty';

import type { KnownError } from './print-error.ts';
import { systemCode } from './system-error.ts';

/** One of the two streams a command writes to. */
export interface Output {
  readonly isTTY: boolean;
  readonly columns: number;
  readonly rows: number;
  write(text: string): void;
}

/**
 * A stream that survives its reader: `livesys build | head` goes on quietly when head has enough,
 * because the file it builds is the point. Other errors of the stream, such as a full disk, are thrown.
 */
export function safeOutput(stream: NodeJS.WriteStream | WriteStream): Output {
  let closed = false;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && error.code !== 'EIO') throw cannotWrite(error);
    closed = true;
  });
  return {
    get isTTY() {
      return stream.isTTY;
    },
    get columns() {
      return stream.columns || 80;
    },
    get rows() {
      return stream.rows || 24;
    },
    write(text) {
      if (!closed) stream.write(text);
    },
  };
}

/** An error for people, made by hand: core, which has the class, is loaded only by commands. */
function cannotWrite(cause: unknown): KnownError {
  const error = new Error(`What was to be shown cannot be written (${systemCode(cause)}).`, {
    cause,
  });
  const hint = 'Give it a terminal, or a file on a disk with room.';
  return Object.assign(error, { code: 'LIVESYS_OPERATION_FAILED', exitCode: 5, hint });
}
