import type { FileHandle } from 'node:fs/promises';

/** Bytes that are read at any place: a file, a device, or a part of one. */
export interface Bytes {
  readonly size: number;
  /** Exactly `length` bytes. Throws {@link FormatError} where there are fewer. */
  read(offset: number, length: number): Promise<Buffer>;
}

/** The bytes are not what they claim to be. The message goes on a sentence: `it ends before …`. */
export class FormatError extends Error {
  override readonly name = 'FormatError';
}

export function fileBytes(file: FileHandle, size = Number.MAX_SAFE_INTEGER): Bytes {
  return { size, read: (offset, length) => readBytes(file, offset, length) };
}

/** A window on other bytes, cut at their end. */
export function partOf(whole: Bytes, start: number, length: number): Bytes {
  const size = Math.max(0, Math.min(length, whole.size - start));
  return {
    size,
    async read(offset, wanted) {
      if (offset + wanted > size) throw new FormatError(`it ends before byte ${offset + wanted}`);
      return whole.read(start + offset, wanted);
    },
  };
}

/** Exactly `length` bytes; less means that the image is cut. */
export async function readBytes(file: FileHandle, offset: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  await fillBuffer(file, buffer, offset);
  return buffer;
}

/** The same into a buffer that is there. */
export async function fillBuffer(file: FileHandle, buffer: Buffer, offset: number): Promise<void> {
  const { length } = buffer;
  for (let done = 0; done < length;) {
    const { bytesRead } = await file.read(buffer, done, length - done, offset + done);
    if (bytesRead === 0) throw new FormatError(`it ends before byte ${offset + length}`);
    done += bytesRead;
  }
}
