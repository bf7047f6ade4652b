import { type ChildProcess, spawn, type StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

const SETPRIV = '/usr/bin/setpriv';

/**
 * Starts a program that the kernel ends when this process dies, however it dies. QEMU, for one,
 * learned that by itself only in version 10.
 */
export function spawnTied(
  program: string,
  argv: readonly string[],
  options: { readonly stdio: StdioOptions; readonly env?: NodeJS.ProcessEnv },
): ChildProcess {
  return existsSync(SETPRIV)
    ? spawn(SETPRIV, ['--pdeathsig', 'KILL', '--', program, ...argv], options)
    : spawn(program, argv, options);
}

/** When the child is gone, whatever ended it. Throws when it could not be started. */
export async function waitForExit(child: ChildProcess): Promise<Exit> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
  return { code: child.exitCode, signal: child.signalCode };
}

/** Runs to the end or to the time limit; output is dropped. */
export async function spawnQuietly(
  program: string,
  argv: readonly string[],
  options: { readonly timeout: number },
): Promise<Exit> {
  const child = spawnTied(program, argv, { stdio: 'ignore' });
  const timer = setTimeout(() => child.kill('SIGKILL'), options.timeout);
  try {
    return await waitForExit(child);
  } finally {
    clearTimeout(timer);
  }
}
