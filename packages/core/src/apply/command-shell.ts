import type { ChildProcess } from 'node:child_process';
import type { Socket } from 'node:net';
import { LivesysError } from '../errors/livesys-error.ts';
import { diskFull, tellsOfFullDisk } from './task-error.ts';
import { capture, quote } from './command-runner.ts';

/** Runs each line that it reads and answers with the exit status behind what the line printed. */
export const LOOP = String.raw`while IFS= read -r line; do eval "$line" 2>&1 </dev/null; printf '\001%s\n' "$?"; done`;
/**
 * The same where whoever asks may be gone before the answer: what the line runs then still has somebody
 * who reads what it prints.
 */
export const LASTING_LOOP = String.raw`while IFS= read -r line; do said=$(eval "$line" 2>&1 </dev/null); printf '%s\n\001%s\n' "$said" "$?"; done`;
/** Stands before the exit status; nothing that these commands print contains it. */
const MARK = '\u0001';

/** A shell that runs one of these loops. Node gives pipes of a child as sockets, which its types do not tell. */
export type Shell = ChildProcess & { readonly stdin: Socket; readonly stdout: Socket };

interface Settings {
  readonly cwd?: string;
  readonly env?: Record<string, string>;
}

/** Runs short commands in a shell, one after the other. It is started with the first one. */
export class CommandShell {
  readonly #start: () => Shell;
  /** Says what has ended with it. */
  readonly #about: string;
  #shell: Shell | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(start: () => Shell, about: string) {
    this.#start = start;
    this.#about = about;
  }

  /** Runs a command after those given before. Throws LIVESYS_COMMAND_FAILED with what it printed. */
  async run(argv: readonly string[], settings: Settings = {}): Promise<void> {
    const words = [
      ...Object.entries(settings.env ?? {}).map(([name, value]) => `${name}=${quote(value)}`),
      ...argv.map(quote),
    ].join(' ');
    const line = settings.cwd === undefined ? words : `(cd ${quote(settings.cwd)} && ${words})`;
    const next = this.#last.then(async () =>
      // The shell reads lines; a name with a line break in it is rare enough to go alone.
      line.includes('\n') ? void (await capture(argv, settings)) : this.#ask(line),
    );
    this.#last = next.catch(() => undefined);
    await next;
  }

  async #ask(line: string): Promise<void> {
    const shell = this.#started();
    // One that was killed would answer no more, and there is none in its place: the run is broken.
    if (hasEnded(shell)) throw this.#ended();
    const answer = await new Promise<string>((resolve, reject) => {
      let text = '';
      const read = (chunk: Buffer): void => {
        text += chunk.toString();
        if (text.includes(MARK) && text.endsWith('\n')) done(() => resolve(text));
      };
      const died = (): void => done(() => reject(this.#ended()));
      const done = (then: () => void): void => {
        shell.stdout.unref();
        shell.stdout.off('data', read);
        shell.off('close', died);
        then();
      };
      shell.stdout.ref();
      shell.stdout.on('data', read);
      shell.once('close', died);
      shell.stdin.write(`${line}\n`);
    });
    const [printed = '', status = ''] = answer.trimEnd().split(MARK);
    if (status === '0') return;
    const details = printed.split('\n').filter(Boolean);
    if (tellsOfFullDisk(details)) throw diskFull(undefined, undefined, [line, ...details]);
    throw new LivesysError(
      'LIVESYS_COMMAND_FAILED',
      `A command failed (exit code ${status}): ${line}`,
      { details },
    );
  }

  #started(): Shell {
    if (this.#shell !== undefined) return this.#shell;
    const shell = this.#start();
    // Its end is seen where it is asked.
    shell.on('error', () => undefined);
    shell.stdin.on('error', () => undefined);
    shell.stdout.unref();
    this.#shell = shell;
    return shell;
  }

  #ended(): LivesysError {
    return new LivesysError(
      'LIVESYS_SANDBOX_FAILED',
      `${this.#about} has ended. What was being done is undone; finished tasks are kept.`,
    );
  }
}

const hasEnded = ({ exitCode, signalCode }: Shell): boolean =>
  exitCode !== null || signalCode !== null;
