import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { familyTold } from './processes.ts';

export const REPOSITORY = fileURLToPath(new URL('../../..', import.meta.url));
/** The command line as it was built in this checkout. */
export const LIVESYS = join(REPOSITORY, 'livesys');

/** Where commands are looked for; this Node first, wherever it is installed. */
export const PATH = `${dirname(process.execPath)}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`;

/** All that a command gets, so that it behaves alike on every machine and in CI. */
const ENVIRONMENT = {
  PATH,
  LC_ALL: 'C.UTF-8',
  SHELL: '/bin/sh',
};

export interface CommandOptions {
  readonly cwd: string;
  /** Put before the command; it may change user or namespace. */
  readonly prefix?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Whether it is meant to run until it is told to end. */
  readonly lasting?: boolean;
}

/** A command that takes longer, in milliseconds, hangs. */
const LIMIT = 120_000;

/** How a command ended, for the one who typed it. */
export interface CommandEnd {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that runs, in a process group of its own as a shell gives it one. */
export interface RunningCommand {
  readonly pid: number;
  /** Types, where there is a terminal. */
  type(text: string): void;
  closeInput(): void;
  /** Resolves when it has printed what fits. */
  said(pattern: RegExp): Promise<void>;
  /** What Ctrl-C does where there is no terminal. */
  interrupt(): void;
  readonly ended: Promise<CommandEnd>;
}

const running = new Set<ChildProcess>();
let lastEnd: CommandEnd | undefined;

/** How the command ended that ended last, for who reads of a test that failed. */
export const lastCommandEnd = (): CommandEnd | undefined => lastEnd;

/** Ends what a test that failed has left running. */
export function endCommands(): void {
  for (const child of running) killGroup(child);
}

export function startCommand(argv: readonly string[], options: CommandOptions): RunningCommand {
  if (!existsSync(join(REPOSITORY, 'packages/cli/dist/main.js')))
    throw new Error('livesys is not built: npm run build');
  const assignments = Object.entries({ ...ENVIRONMENT, ...options.env }).map(
    ([name, value]) => `${name}=${value}`,
  );
  // Some prefixes reset the environment, so it is set behind them.
  const [file = '', ...rest] = [...(options.prefix ?? []), 'env', ...assignments, ...argv];
  const child = spawn(file, rest, {
    cwd: options.cwd,
    env: { PATH },
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
  child.stdin.on('error', () => undefined);
  running.add(child);
  child.once('close', () => running.delete(child));
  return {
    pid: child.pid as number,
    type: (text) => void child.stdin.write(text),
    closeInput: () => void child.stdin.end(),
    said: listen(child),
    interrupt: () => void process.kill(-(child.pid as number), 'SIGINT'),
    ended: (options.lasting === true ? collect(child) : withinLimit(child, argv)).finally(() =>
      child.stdin.destroy(),
    ),
  };
}

/** Runs it to its end. */
export async function runCommand(
  argv: readonly string[],
  options: CommandOptions,
): Promise<CommandEnd> {
  return startCommand(argv, options).ended;
}

/** Runs `livesys` to its end. */
export async function livesys(
  argv: readonly string[],
  options: CommandOptions,
): Promise<CommandEnd> {
  return runCommand([LIVESYS, ...argv], options);
}

/**
 * The command that runs another on a pseudo terminal of the given size, as its foreground job; what
 * appears there is its standard output.
 */
export function onTerminal(
  argv: readonly string[],
  { columns, rows }: { readonly columns: number; readonly rows: number },
): readonly string[] {
  const command = `stty columns ${columns} rows ${rows} && exec ${argv.map(quote).join(' ')}`;
  return ['script', '--quiet', '--return', '--flush', '--command', command, '/dev/null'];
}

/** Remembers what a command prints, and resolves when something of it was printed. */
function listen(child: ChildProcess): RunningCommand['said'] {
  let printed = '';
  const listeners = new Set<() => void>();
  const look = (chunk: Buffer | string): void => {
    printed += String(chunk);
    for (const listener of listeners) listener();
  };
  child.stdout?.on('data', look);
  child.stderr?.on('data', look);
  return async (pattern) =>
    new Promise((resolve, reject) => {
      const listener = (): void => {
        if (pattern.test(printed)) resolve();
      };
      listeners.add(listener);
      child.once('close', () => reject(new Error(`it ended without ${pattern}: ${printed}`)));
      listener();
    });
}

/** Ends a command that hangs, with its process group. */
async function withinLimit(child: ChildProcess, argv: readonly string[]): Promise<CommandEnd> {
  const timer = new AbortController();
  const late = pause(LIMIT, undefined, { signal: timer.signal }).then(() => {
    const family = child.pid === undefined ? [] : familyTold(child.pid);
    killGroup(child);
    const what = [`still there after ${LIMIT / 1000} s: ${argv.join(' ')}`, ...family];
    throw new Error(what.join('\n'));
  });
  late.catch(() => undefined);
  return Promise.race([collect(child), late]).finally(() => timer.abort());
}

function killGroup(child: ChildProcess): void {
  try {
    process.kill(-(child.pid as number), 'SIGKILL');
  } catch {
    // It has ended, and only its pipes are held by others.
  }
}

async function collect(child: ChildProcess): Promise<CommandEnd> {
  let [stdout, stderr] = ['', ''];
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const [status, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  lastEnd = { status, signal, stdout, stderr };
  return lastEnd;
}

function quote(argument: string): string {
  return `'${argument.replaceAll("'", String.raw`'\''`)}'`;
}
