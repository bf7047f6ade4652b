import { open, type FileHandle } from 'node:fs/promises';

/** Partitions begin at multiples of this. */
export const MIB = 1 << 20;

/** Appends a file from the next multiple of 1 MiB on; pieces without content become holes. */
export async function appendFile(from: string, to: string, signal: AbortSignal): Promise<void> {
  const source = await open(from, 'r');
  const target = await open(to, 'a+').then(async (made) => {
    await made.close();
    return open(to, 'r+');
  });
  try {
    const start = roundUp((await target.stat()).size);
    const end = roundUp(start + (await source.stat()).size);
    await copyPieces(source, target, start, signal);
    await target.truncate(end);
  } finally {
    await source.close();
    await target.close();
  }
}

/** The next multiple of 1 MiB. */
export function roundUp(bytes: number): number {
  return Math.ceil(bytes / MIB) * MIB;
}

async function copyPieces(
  source: FileHandle,
  target: FileHandle,
  start: number,
  signal: AbortSignal,
): Promise<void> {
  const piece = Buffer.alloc(MIB);
  const zeros = Buffer.alloc(MIB);
  for (let at = 0; ;) {
    signal.throwIfAborted();
    const { bytesRead } = await source.read(piece, 0, MIB, at);
    if (bytesRead === 0) return;
    const content = piece.subarray(0, bytesRead);
    if (!content.equals(zeros.subarray(0, bytesRead))) await writeAll(target, content, start + at);
    at += bytesRead;
  }
}

/** A write may take only a part, as when a signal arrives. */
async function writeAll(target: FileHandle, content: Buffer, at: number): Promise<void> {
  for (let done = 0; done < content.length;) {
    done += (await target.write(content, done, content.length - done, at + done)).bytesWritten;
  }
}
