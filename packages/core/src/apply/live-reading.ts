import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { LivesysError } from '../errors/livesys-error.ts';
import type { PlanInput, PlanTask } from '../plan/model.ts';
import { stream } from './command-runner.ts';
import type { TaskRun } from './task-run.ts';

/** What mksquashfs 4.5.1 and tar 1.34 say of a file that they could not read, and then go on. */
const GONE: readonly RegExp[] = [
  /^Failed to read file (.*), creating empty file$/,
  /^Cannot stat dir\/file (.*) because .*, ignoring$/,
  /^l(?:list|get)xattr for (.*) failed in read_attrs, because .*Ignoring$/,
  /^tar: (.*): File removed before we read it$/,
];
/** What they say of a file that changed under their hands. */
const CHANGED: readonly RegExp[] = [
  /^File (.*) changed size while reading filesystem, attempting to re-read$/,
  /^tar: (.*): file changed as we read it$/,
  /^tar: (.*): File shrank by \d+ bytes?; padding with zeros$/,
];
const SHOWN = 5;
/** Milliseconds by which times of files may be behind the clock, at most. */
const TICK = 10;

/**
 * Watches a task that packs what may change meanwhile. A file that goes away, or changes, is told;
 * one that is there and cannot be read is a failure, though the tools go on.
 */
export class LiveReading {
  readonly #input: PlanInput;
  readonly #root: string;
  /** Seconds since 1970. */
  readonly #start = (Date.now() - TICK) / 1000;
  readonly #complained = new Set<string>();
  readonly #changed = new Set<string>();
  #rest = '';

  constructor(input: PlanInput, root: string) {
    this.#input = input;
    this.#root = root;
  }

  /** Takes what a tool prints. */
  read(chunk: string): void {
    const lines = (this.#rest + chunk).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      const gone = this.#pathIn(line, GONE);
      const changed = this.#pathIn(line, CHANGED);
      if (gone !== undefined) this.#complained.add(gone);
      if (changed !== undefined) this.#changed.add(changed);
    }
  }

  /** What to tell, at the end. Throws LIVESYS_SOURCE_UNREADABLE. */
  async warnings(): Promise<readonly string[]> {
    const unread: string[] = [];
    const gone: string[] = [];
    for (const path of this.#complained) ((await this.#isThere(path)) ? unread : gone).push(path);
    if (unread.length > 0) {
      throw new LivesysError(
        'LIVESYS_SOURCE_UNREADABLE',
        `${unread.length === 1 ? '1 file' : `${unread.length} files`} could not be read.`,
        { details: unread.slice(0, 10) },
      );
    }
    for (const path of await this.#changedSince()) this.#changed.add(path);
    return [told('changed while', this.#changed), told('went away before', new Set(gone))].flat();
  }

  #pathIn(line: string, patterns: readonly RegExp[]): string | undefined {
    const path = patterns
      .map((pattern) => pattern.exec(line)?.[1])
      .find((one) => one !== undefined);
    return path?.replace(this.#input.at, '').replace(/^\.?\/*/, '/');
  }

  async #isThere(path: string): Promise<boolean> {
    const found = await lstat(join(this.#root, this.#input.at, path)).catch(() => undefined);
    return found !== undefined;
  }

  async #changedSince(): Promise<readonly string[]> {
    const at = join(this.#root, this.#input.at);
    const chunks: Buffer[] = [];
    const newer = ['-type', 'f', '-newerct', `@${this.#start.toFixed(3)}`];
    const find = ['find', at, '-ignore_readdir_race', ...newer, '-printf', String.raw`/%P\0`];
    await stream(find, (chunk) => void chunks.push(chunk));
    return Buffer.concat(chunks).toString().split('\0').filter(Boolean);
  }
}

/** The watch of a task that reads a source, as long as that is not a result that never changes. */
export function liveReadingOf(task: PlanTask, root: string, run: TaskRun): LiveReading | undefined {
  const input = task.inputs.find(({ kind }) => kind === 'topLayer');
  if (input?.kind !== 'topLayer') return undefined;
  const kind = run.plan.trees[input.tree]?.layers.at(-1)?.kind;
  return kind === 'mounts' || kind === 'directory' || kind === 'cached'
    ? new LiveReading(input, root)
    : undefined;
}

function told(what: string, paths: ReadonlySet<string>): readonly string[] {
  if (paths.size === 0) return [];
  const shown = [...paths].toSorted().slice(0, SHOWN);
  const more = paths.size - shown.length;
  const subject = paths.size === 1 ? '1 file' : `${paths.size} files`;
  const pronoun = paths.size === 1 ? 'it was' : 'they were';
  return [
    `${subject} ${what} ${pronoun} read: ${shown.join(', ')}${more > 0 ? `, and ${more} more` : ''}`,
  ];
}
