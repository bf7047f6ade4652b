import { createHash } from 'node:crypto';

import type { Target } from './target.ts';

/** What is copied from. */
export interface Source {
  /** Fills the buffer, or throws. */
  read(buffer: Buffer, offset: number): Promise<void>;
}

/** A piece of an image, in bytes; it goes to the same place on the device. */
export interface Range {
  readonly offset: number;
  readonly length: number;
}

export interface CopyOptions {
  readonly signal: AbortSignal;
  /** Bytes so far. */
  readonly onProgress: (done: number) => void;
  /** Bytes that are known to be on the device. */
  readonly onSafe?: (done: number) => void;
}

const CHUNK = 4 * 1024 ** 2;
/**
 * So much may wait in memory. More would only make progress a guess and the end a long silence;
 * writing goes on while this much is brought to the device.
 */
const WINDOW = 32 * 1024 ** 2;

/** Hashes of chunks in their order, to compare with what is read back. */
export type Hashes = readonly string[];

/** Writes pieces of the source to the device; done when they are on it. */
export async function copyRanges(
  source: Source,
  target: Target,
  ranges: readonly Range[],
  { signal, onProgress, onSafe }: CopyOptions,
): Promise<Hashes> {
  const hashes: string[] = [];
  let [done, waiting] = [0, 0];
  let syncing: Promise<void> = Promise.resolve();
  const sync = (reached: number) => target.sync().then(() => onSafe?.(reached));
  await eachChunk(source, ranges, signal, async (chunk, offset) => {
    hashes.push(digest(chunk));
    await target.write(chunk, offset);
    done += chunk.length;
    waiting += chunk.length;
    if (waiting >= WINDOW) {
      await syncing;
      syncing = handled(sync(done));
      waiting = 0;
    }
    onProgress(done);
  });
  await syncing;
  await sync(done);
  return hashes;
}

/** Reads pieces back; gives the place of the first chunk that differs, if one does. */
export async function findDifference(
  target: Target,
  ranges: readonly Range[],
  hashes: Hashes,
  { signal, onProgress }: CopyOptions,
): Promise<number | undefined> {
  let [done, index] = [0, 0];
  let difference: number | undefined;
  await eachChunk(target, ranges, signal, async (chunk, offset) => {
    if (digest(chunk) !== hashes[index]) difference ??= offset;
    index += 1;
    done += chunk.length;
    onProgress(done);
  });
  return difference;
}

/** Reads the next chunk while the current one is worked on. */
async function eachChunk(
  source: Source,
  ranges: readonly Range[],
  signal: AbortSignal,
  work: (chunk: Buffer, offset: number) => Promise<void>,
): Promise<void> {
  const chunks = ranges.flatMap((range) => [...chunksOf(range)]);
  const buffers = [Buffer.allocUnsafeSlow(CHUNK), Buffer.allocUnsafeSlow(CHUNK)];
  const read = (index: number) => {
    const chunk = chunks[index];
    const buffer = buffers[index % 2]?.subarray(0, chunk?.length);
    return chunk && buffer
      ? handled(source.read(buffer, chunk.offset).then(() => ({ buffer, offset: chunk.offset })))
      : undefined;
  };
  let next = read(0);
  for (let index = 1; next; index += 1) {
    const { buffer, offset } = await next;
    signal.throwIfAborted();
    next = read(index);
    await work(buffer, offset);
  }
}

function* chunksOf({ offset, length }: Range): Generator<Range> {
  for (let done = 0; done < length; done += CHUNK) {
    yield { offset: offset + done, length: Math.min(CHUNK, length - done) };
  }
}

/** Its failure is seen when it is waited for, and is no defect when that never happens. */
function handled<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}

function digest(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('base64');
}
