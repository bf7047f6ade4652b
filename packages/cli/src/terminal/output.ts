import type { WriteStream } from 'node:tty';

/** One of the two streams a command writes to. */
export interface Output {
  readonly isTTY: boolean;
  readonly columns: number;
  readonly rows: number;
  write(text: string): void;
}

/**
 * A stream that survives its reader: `livesys build | head` goes on quietly when head has enough,
 * because the file it builds is the point. Other errors of the stream are thrown as they come.
 */
export function safeOutput(stream: NodeJS.WriteStream | WriteStream): Output {
  let closed = false;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
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
