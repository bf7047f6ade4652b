import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

interface PipelineOptions {
  readonly env: Readonly<Record<string, string>>;
  /** Goes to the first command. */
  readonly stdin?: string;
  readonly signal?: AbortSignal;
  /** Gets the messages of all commands and the output of the last. */
  watch(chunk: Buffer): void;
  onStart?(pid: number): void;
}

/** How a command of a pipeline ended, in the terms of execa. */
export interface PipelineFailure {
  readonly exitCode?: number;
  readonly signal?: string;
  readonly isCanceled?: boolean;
  readonly code?: string;
}

/** How long a tool may take to end after SIGTERM, in milliseconds. */
export const KILL_DELAY = 5000;

/**
 * Starts commands side by side. Each one's output is the next one's input, by a pipe between the
 * two: an image of gigabytes that went through this process would cost a third more time.
 */
export async function startPipeline(
  commands: readonly (readonly string[])[],
  options: PipelineOptions,
): Promise<void> {
  const children: ChildProcess[] = [];
  for (const [file = '', ...rest] of commands) {
    const before = children.at(-1)?.stdout;
    const input = before ?? (options.stdin === undefined ? 'ignore' : 'pipe');
    const child = spawn(file, rest, { env: options.env, stdio: [input, 'pipe', 'pipe'] });
    // The command that reads holds the pipe now. Ours would keep it open when that one ends.
    before?.destroy();
    child.stderr?.on('data', (chunk: Buffer) => options.watch(chunk));
    children.push(child);
  }
  const [first, last] = [children[0], children.at(-1)];
  last?.stdout?.on('data', (chunk: Buffer) => options.watch(chunk));
  if (last?.pid !== undefined) options.onStart?.(last.pid);
  first?.stdin?.on('error', () => undefined);
  first?.stdin?.end(options.stdin);
  const ended = Promise.all(children.map(failureOf));
  const forgotten = stopOnAbort(children, options.signal, ended);
  const failures = await ended;
  forgotten();
  // A command that ends early breaks the pipe of the one before it: the later one tells more.
  const failure: PipelineFailure | undefined =
    options.signal?.aborted === true
      ? { isCanceled: true }
      : failures.findLast((one) => one !== undefined);
  if (failure !== undefined) throw Object.assign(new Error('a command failed'), failure);
}

async function failureOf(child: ChildProcess): Promise<PipelineFailure | undefined> {
  try {
    const [exitCode, signal] = (await once(child, 'close')) as [number | null, string | null];
    if (exitCode === 0) return undefined;
    return signal === null ? { exitCode: exitCode ?? 1 } : { signal };
  } catch (error) {
    return error as PipelineFailure;
  }
}

/** Gives back how to stop listening. */
function stopOnAbort(
  children: readonly ChildProcess[],
  signal: AbortSignal | undefined,
  ended: Promise<unknown>,
): () => void {
  const abort = (): void => {
    for (const child of children) child.kill('SIGTERM');
    void killLater();
  };
  const killLater = async (): Promise<void> => {
    await Promise.race([ended, delay(KILL_DELAY, undefined, { ref: false })]);
    for (const child of children) child.kill('SIGKILL');
  };
  if (signal?.aborted === true) abort();
  signal?.addEventListener('abort', abort, { once: true });
  return () => signal?.removeEventListener('abort', abort);
}
