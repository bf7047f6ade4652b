import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PlanTask } from '../plan/model.ts';
import { measure } from './measure.ts';
import type { TaskRun } from './task-run.ts';

const INTERVAL = 500;

/** Turns what tools print, or how much they have read, into progress events of a task. */
export interface ProgressWatch {
  readonly output: (chunk: string, progress: string | undefined) => void;
  readonly start: (pid: number, progress: string | undefined) => void;
  readonly stop: () => void;
}

/** Watches the commands of one task. */
export function progressOf(task: PlanTask, root: string, run: TaskRun): ProgressWatch {
  let timer: NodeJS.Timeout | undefined;
  let last = -1;
  const percent = (value: number): void => {
    const whole = Math.min(100, Math.floor(value));
    if (whole <= last) return;
    last = whole;
    run.emit({ type: 'task-progress', task: task.id, percent: whole });
  };
  return {
    output(chunk, progress) {
      const found = progress === undefined ? undefined : PARSERS[progress]?.(chunk);
      if (found !== undefined) percent(found);
    },
    start(pid, progress) {
      if (progress !== 'mksquashfs' && progress !== 'mkfs.erofs') return;
      timer = watchReading(pid, inputBytes(task, root), percent);
    },
    stop() {
      clearInterval(timer);
    },
  };
}

const PARSERS: Readonly<Record<string, (chunk: string) => number | undefined>> = {
  xorriso: (chunk) => lastNumber(chunk, /UPDATE\s*:\s*([\d.]+)% done/g),
  percent: (chunk) => lastNumber(chunk, /([\d.]+)\s?%/g),
  apt: (chunk) => lastNumber(chunk, /(?:pm|dl)status:[^:]*:([\d.]+):/g),
};

function lastNumber(chunk: string, pattern: RegExp): number | undefined {
  const found = [...chunk.matchAll(pattern)].at(-1)?.[1];
  return found === undefined ? undefined : Number(found);
}

/**
 * A compressor of Debian 12 prints no progress into a pipe (squashfs-tools 4.5.1); the kernel
 * knows how much of its input it has read.
 */
function watchReading(
  pid: number,
  size: Promise<number>,
  percent: (value: number) => void,
): NodeJS.Timeout {
  const look = async (): Promise<void> => {
    const total = await size;
    // The command may have ended since the timer fired.
    const io = await readFile(`/proc/${pid}/io`, 'utf8').catch(() => '');
    const read = Number(/^rchar: (\d+)/m.exec(io)?.[1] ?? 0);
    if (total > 0) percent(Math.min(99, (100 * read) / total));
  };
  return setInterval(() => void look(), INTERVAL);
}

/** Of what the task sees: a part of the source may have been left out. */
async function inputBytes(task: PlanTask, root: string): Promise<number> {
  const input = task.inputs.find((candidate) => candidate.kind === 'topLayer');
  return input === undefined ? 0 : (await measure(join(root, input.at))).bytes;
}
