import { createWriteStream, type WriteStream } from 'node:fs';
import type { Options } from 'execa';
import { LivesysError } from '../errors/livesys-error.ts';
import { diskFull, tellsOfFullDisk } from './task-error.ts';
import { KILL_DELAY, startPipeline, type PipelineFailure } from './pipeline.ts';

/** One command, already resolved to strings. */
export interface Command {
  readonly argv: readonly string[];
  /** Seen as `/` by the command. Default: the root we are in. */
  readonly root?: string;
  /** Working directory in that root. Default: `/`. */
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Default: false, which gives the command a network namespace without any interface. */
  readonly network?: boolean;
  readonly stdin?: string;
  /** File that collects what the command prints. */
  readonly log?: string;
  readonly onOutput?: (chunk: string) => void;
  readonly onStart?: (pid: number) => void;
  readonly signal?: AbortSignal;
  /** For errors. */
  readonly task?: string;
}

/** Loads execa when a command runs: it takes a tenth of a second, and most runs have no command. */
const loadExeca = async () => (await import('execa')).execa;

/** Environment of every command; nothing of the caller's reaches a tool. */
export const CLEAN_ENVIRONMENT = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  LANG: 'C.UTF-8',
  LC_ALL: 'C.UTF-8',
  TZ: 'UTC',
  HOME: '/root',
  TMPDIR: '/tmp',
} as const;

const TAIL_LINES = 20;

/** Runs a command to its end. Throws LIVESYS_COMMAND_FAILED with the end of what it printed. */
export async function runCommand(command: Command): Promise<void> {
  await runPipeline({ ...command, commands: [command.argv] });
}

/** Runs commands side by side, each one's output being the next one's input. */
export async function runPipeline(
  command: Omit<Command, 'argv'> & { readonly commands: readonly (readonly string[])[] },
): Promise<void> {
  const tail = new Tail();
  const log = command.log === undefined ? undefined : openLog(command.log);
  const watch = (chunk: Buffer): void => {
    const text = chunk.toString();
    log?.write(text);
    tail.add(text);
    command.onOutput?.(text);
  };
  try {
    await startAll(command, watch, log);
  } catch (error) {
    throw commandError(command, error, tail.lines());
  } finally {
    await closeLog(log);
  }
}

async function startAll(
  command: Omit<Command, 'argv'> & { readonly commands: readonly (readonly string[])[] },
  watch: (chunk: Buffer) => void,
  log: WriteStream | undefined,
): Promise<void> {
  const placedCommands = command.commands.map((argv) => {
    log?.write(`$ ${argv.join(' ')}\n`);
    return placed(command, argv);
  });
  const env = { ...CLEAN_ENVIRONMENT, ...command.env };
  const [only, ...more] = placedCommands;
  if (more.length > 0) return startPipeline(placedCommands, { ...command, env, watch });
  const [file, ...rest] = only ?? [];
  const execa = await loadExeca();
  const child = execa(file as string, rest, {
    ...options(command),
    stdin: command.stdin === undefined ? 'ignore' : 'pipe',
  });
  child.stderr?.on('data', watch);
  child.stdout?.on('data', watch);
  if (child.pid !== undefined) command.onStart?.(child.pid);
  child.stdin?.end(command.stdin);
  await child;
}

/** Puts a command into its root, without a network unless it may have one. */
function placed(command: Omit<Command, 'argv'>, argv: readonly string[]): readonly string[] {
  const isolated = command.network === true ? [] : ['--net'];
  if (command.root === undefined && command.network === true) return argv;
  const root = command.root === undefined ? [] : [`--root=${command.root}`];
  return ['unshare', ...isolated, ...root, `--wd=${command.cwd ?? '/'}`, '--', ...argv];
}

function options(command: Omit<Command, 'argv'>) {
  return {
    env: { ...CLEAN_ENVIRONMENT, ...command.env },
    extendEnv: false,
    stdout: 'pipe',
    stderr: 'pipe',
    buffer: false,
    forceKillAfterDelay: KILL_DELAY,
    ...(command.signal === undefined ? {} : { cancelSignal: command.signal }),
  } as const satisfies Options;
}

/** Runs a small command of the sandbox itself and gives back what it prints. */
export async function capture(
  argv: readonly string[],
  settings: { cwd?: string; env?: Record<string, string>; input?: Uint8Array } = {},
): Promise<string> {
  const [file, ...rest] = argv;
  const execa = await loadExeca();
  try {
    const { stdout } = await execa(file as string, rest, {
      env: { ...CLEAN_ENVIRONMENT, ...settings.env },
      extendEnv: false,
      ...(settings.input === undefined ? { stdin: 'ignore' } : { input: settings.input }),
      ...(settings.cwd === undefined ? {} : { cwd: settings.cwd }),
    });
    return stdout;
  } catch (error) {
    const { stderr } = error as { stderr?: string };
    throw commandError({ commands: [argv] }, error, (stderr ?? '').split('\n').slice(-TAIL_LINES));
  }
}

export interface StreamSettings {
  readonly input?: Uint8Array;
  /** Milliseconds after which the command is ended. Default: never. */
  readonly timeout?: number;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a command and gives its output to `onChunk` as it comes. */
export async function stream(
  argv: readonly string[],
  onChunk: (chunk: Buffer) => void,
  { input, timeout, env = {} }: StreamSettings = {},
): Promise<{ readonly failed: boolean; readonly stderr: string }> {
  const [file, ...rest] = argv;
  const execa = await loadExeca();
  const child = execa(file as string, rest, {
    env: { ...CLEAN_ENVIRONMENT, ...env },
    extendEnv: false,
    ...(input === undefined ? { stdin: 'ignore' } : { input }),
    ...(timeout === undefined ? {} : { timeout }),
    buffer: { stdout: false },
    reject: false,
  });
  child.stdout.on('data', onChunk);
  const result = await child;
  return { failed: result.failed, stderr: result.stderr };
}

function commandError(
  command: {
    readonly commands: readonly (readonly string[])[];
    readonly task?: string;
    readonly log?: string;
  },
  error: unknown,
  tail: readonly string[],
): LivesysError {
  const { exitCode, signal, isCanceled, code } = error as PipelineFailure;
  const shown = command.commands.map((argv) => argv.map(quote).join(' ')).join(' | ');
  const context = { cause: error, ...(command.task === undefined ? {} : { task: command.task }) };
  if (isCanceled === true) return new LivesysError('LIVESYS_INTERRUPTED', 'Interrupted', context);
  if (code === 'ENOENT') {
    const program = command.commands[0]?.[0] ?? '';
    return new LivesysError(
      'LIVESYS_TOOL_MISSING',
      `${program} is not installed on this machine.`,
      context,
    );
  }
  const missing = tail
    .map((line) => /^unshare: failed to execute (.*): No such file/.exec(line)?.[1])
    .find((name) => name !== undefined);
  if (exitCode === 127 && missing !== undefined) {
    return new LivesysError('LIVESYS_TOOL_MISSING', `${missing} is not there: ${shown}`, {
      ...context,
      hint: 'On the builder, install the package that has it (livesys doctor); in the tools tree, its plugin must declare it as a need.',
    });
  }
  const details = [...tail, ...(command.log === undefined ? [] : [`full log: ${command.log}`])];
  if (tellsOfFullDisk(tail)) return diskFull(command.task, error, [shown, ...details]);
  const how = signal === undefined ? `exit code ${exitCode ?? 'unknown'}` : `killed by ${signal}`;
  return new LivesysError('LIVESYS_COMMAND_FAILED', `A command failed (${how}): ${shown}`, {
    ...context,
    details,
  });
}

/** Quotes an argument for a shell. */
export function quote(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument)
    ? argument
    : `'${argument.replaceAll("'", String.raw`'\''`)}'`;
}

/** A disk that is full, mostly, must end the command and not us. */
function openLog(path: string): WriteStream {
  return createWriteStream(path, { flags: 'a' }).on('error', () => undefined);
}

async function closeLog(log: WriteStream | undefined): Promise<void> {
  if (log === undefined) return;
  await new Promise<void>((resolve) => void log.end(resolve));
}

/** Keeps the last lines of an output. */
class Tail {
  #text = '';

  add(chunk: string): void {
    this.#text = (this.#text + chunk).slice(-8192);
  }

  lines(): readonly string[] {
    return this.#text
      .split(/[\r\n]+/)
      .filter((line) => line.trim() !== '')
      .slice(-TAIL_LINES);
  }
}
