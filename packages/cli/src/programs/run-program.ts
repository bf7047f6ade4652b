import { LivesysError } from '@livesys/core/plugin';

import { quoteArgument } from '../text/quote.ts';
import { requireProgram, type Environment } from './find-program.ts';
import { type Exit, spawnTied, waitForExit } from './spawn-tied.ts';

interface ProgramOptions {
  readonly env: Environment;
  /** What it does for us, for the error when it is missing: `it reads …`. */
  readonly purpose: string;
  /** An open file that the program finds at {@link OPEN_FILE}. */
  readonly file?: { readonly fd: number; readonly path: string };
  readonly input?: string;
  /** Bytes of output that are kept; one that prints more is ended. Default 4 MiB. */
  readonly limit?: number;
  readonly signal?: AbortSignal;
}

export interface ProgramResult extends Exit {
  readonly stdout: Buffer;
  readonly stderr: string;
  /** The command as it can be pasted. */
  readonly line: string;
}

/** Runs one of these; a test puts another in its place. */
export type RunProgram = (
  argv: readonly [string, ...string[]],
  options: Omit<ProgramOptions, 'env'>,
) => Promise<ProgramResult>;

/**
 * Where a program finds the file that was opened for it. Some read a `?` in a name as the start of
 * options, and names of images may have any character.
 */
export const OPEN_FILE = '/proc/self/fd/3';

const LIMIT = 4 * 1024 * 1024;
/** Given to a program that is told to end. */
const GRACE_MS = 3000;
/** Words of programs are read, so they must not be translated; programs need no more than this. */
const FIXED = { LC_ALL: 'C', PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' };

/** Programs run with this environment's PATH. */
export const programRunner =
  (env: Environment): RunProgram =>
  (argv, options) =>
    runProgram(argv, { ...options, env });

/**
 * Runs a program to its end, whatever its exit code; ends it when `signal` aborts. It never
 * outlives this process.
 */
async function runProgram(
  [name, ...argv]: readonly [string, ...string[]],
  options: ProgramOptions,
): Promise<ProgramResult> {
  const { env, purpose, file, input, limit = LIMIT, signal } = options;
  const path = await requireProgram(name, purpose, env);
  signal?.throwIfAborted();
  const child = spawnTied(path, argv, {
    stdio: ['pipe', 'pipe', 'pipe', ...(file === undefined ? [] : [file.fd])],
    env: { ...FIXED, ...(env['PATH'] === undefined ? {} : { PATH: env['PATH'] }) },
  });
  let grace: NodeJS.Timeout | undefined;
  const end = () => {
    child.kill('SIGTERM');
    grace ??= setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
  };
  signal?.addEventListener('abort', end, { once: true });
  const [stdout, stderr] = [keep(child.stdout, limit, end), keep(child.stderr, limit, end)];
  // A program that ends early leaves its input unread.
  child.stdin?.on('error', () => {}).end(input ?? '');
  try {
    const exit = await waitForExit(child);
    return {
      ...exit,
      stdout: Buffer.concat(stdout),
      stderr: Buffer.concat(stderr).toString('utf8').trim(),
      line: [name, ...argv]
        .map((argument) => quoteArgument(argument.replace(OPEN_FILE, file?.path ?? OPEN_FILE)))
        .join(' '),
    };
  } finally {
    clearTimeout(grace);
    signal?.removeEventListener('abort', end);
  }
}

/** Collects a stream, and calls `onFull` when there is more than `limit`. */
function keep(stream: NodeJS.ReadableStream | null, limit: number, onFull: () => void): Buffer[] {
  const chunks: Buffer[] = [];
  let size = 0;
  stream?.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size <= limit) chunks.push(chunk);
    else onFull();
  });
  return chunks;
}

/** An error for a program that ended with something else than it should have. */
export function programFailed(result: ProgramResult, hint?: string): LivesysError {
  const { code, signal, stderr, stdout, line } = result;
  const how = signal === null ? `with exit code ${code ?? '?'}` : `by ${signal}`;
  const said = stderr === '' ? stdout.toString('utf8').trim() : stderr;
  return new LivesysError('LIVESYS_COMMAND_FAILED', `${line} ended ${how}.`, {
    details: said.split('\n').slice(-10),
    hint: hint ?? 'The end of what it printed is above.',
  });
}
