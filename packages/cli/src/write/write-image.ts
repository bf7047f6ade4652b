import { randomUUID } from 'node:crypto';

import { LivesysError } from '@livesys/core/plugin';

import { changeGpt } from '../disk/gpt-edit.ts';
import { UNFINISHED } from '../medium/medium.ts';
import type { RunProgram } from '../programs/run-program.ts';
import { formatSize } from '../text/size.ts';
import { copyRanges, findDifference, type Range, type Source } from './copy.ts';
import type { Stage } from './events.ts';
import { type DataLayout, EDGE } from './layout.ts';
import { growData, makeData } from './make-data.ts';
import type { Target } from './target.ts';

export interface WriteJob {
  readonly source: Source;
  readonly bytes: number;
  readonly target: Target;
  /** Where changes will be kept. */
  readonly data: DataLayout | undefined;
  /** The partition for changes that the image has. */
  readonly imageData: Range | undefined;
  /** What it holds is copied and grows; else a new file system is made. */
  readonly keepData: boolean;
  readonly run: RunProgram;
  readonly signal: AbortSignal;
  readonly onProgress: (stage: Stage, done: number, bytes: number) => void;
  readonly onStage: (stage: Stage, bytes: number) => void;
}

/** How far a write came; the last words of one that did not end are about it. */
export interface Progress {
  state: 'untouched' | 'erased' | 'complete';
  /** Bytes that are on the device. */
  done: number;
  bytes: number;
}

/**
 * Writes an image to a device and proves it. The start of the device, by which it is a medium, is
 * written last: before, it says that the writing did not end, so no half of a medium is ever taken
 * for one, and nothing mounts what is not yet whole.
 */
export async function writeImage(job: WriteJob, progress: Progress): Promise<void> {
  const { source, target, bytes } = job;
  const head = Buffer.alloc(Math.min(EDGE, bytes));
  await source.read(head, 0);
  const ends = endsOf(head, job);
  const ranges = middle(job, head.length);
  progress.bytes = ranges.reduce((sum, { length }) => sum + length, 0);

  await erase(target, job.signal, progress);
  await copyAndCompare(job, ranges, progress);
  if (job.data) await keepChanges(job, job.data);
  job.signal.throwIfAborted();
  for (const { offset, content } of ends) {
    await target.write(content, offset);
    await target.sync();
  }
  await compareEnds(job, ends);
  progress.state = 'complete';
}

interface Piece {
  readonly offset: number;
  readonly content: Buffer;
}

/** What goes to the ends of the device, in the order in which it is written. */
function endsOf(head: Buffer, { target, data }: WriteJob): Piece[] {
  if (!data) return [{ offset: 0, content: head }];
  const table = changeGpt(head, { bytes: target.bytes, data: { ...data, id: randomUUID() } });
  return [
    { offset: table.tail.offset, content: table.tail.bytes },
    { offset: 0, content: table.head },
  ];
}

/** All of the image but its start, and but a file system that is made anew. */
function middle({ bytes, data, imageData, keepData }: WriteJob, start: number): Range[] {
  if (!data || !imageData || keepData) return [{ offset: start, length: bytes - start }];
  const end = imageData.offset + imageData.length;
  return [
    { offset: start, length: imageData.offset - start },
    { offset: end, length: Math.max(0, bytes - end) },
  ].filter(({ length }) => length > 0);
}

/** Old tables and file systems at both ends, which might be found in place of the new ones. */
async function erase(target: Target, signal: AbortSignal, progress: Progress): Promise<void> {
  signal.throwIfAborted();
  progress.state = 'erased';
  const start = Buffer.alloc(Math.min(EDGE, target.bytes));
  start.write(UNFINISHED, 'latin1');
  await target.write(start, 0);
  const end = Math.floor(target.bytes / 512) * 512;
  const length = Math.min(EDGE, Math.max(0, end - start.length));
  await target.write(Buffer.alloc(length), end - length);
  await target.sync();
}

async function copyAndCompare(
  { source, target, signal, onProgress, onStage }: WriteJob,
  ranges: readonly Range[],
  progress: Progress,
): Promise<void> {
  const { bytes } = progress;
  const show = (stage: Stage) => (done: number) => onProgress(stage, done, bytes);
  const hashes = await copyRanges(source, target, ranges, {
    signal,
    onProgress: show('write'),
    onSafe: (done) => (progress.done = done),
  });
  onStage('write', bytes);
  await target.forget(signal);
  const options = { signal, onProgress: show('compare') };
  const difference = await findDifference(target, ranges, hashes, options);
  if (difference !== undefined) throw differs(target, difference);
  onStage('compare', bytes);
}

async function keepChanges(job: WriteJob, data: DataLayout): Promise<void> {
  const { target, keepData, run, signal, onStage } = job;
  const interruptible: RunProgram = (argv, options) => run(argv, { ...options, signal });
  await target.lend(() =>
    keepData
      ? growData(target.path, data, interruptible)
      : makeData(target.path, data, interruptible),
  );
  onStage('persistence', data.length);
}

async function compareEnds({ target, signal }: WriteJob, ends: readonly Piece[]): Promise<void> {
  await target.forget(signal);
  for (const { offset, content } of ends) {
    const found = Buffer.alloc(content.length);
    await target.read(found, offset);
    if (!found.equals(content)) throw differs(target, offset);
  }
}

function differs({ path }: Target, offset: number): LivesysError {
  return new LivesysError(
    'LIVESYS_WRITE_DIFFERS',
    `${path} gives back something else than was written, first at ${formatSize(offset)}.`,
  );
}
