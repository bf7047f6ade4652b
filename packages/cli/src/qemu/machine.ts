import { type ChildProcess } from 'node:child_process';

import { LivesysError } from '@livesys/core/plugin';

import { qemuArguments, type QemuOptions } from './arguments.ts';
import { type Exit, spawnTied, waitForExit } from '../programs/spawn-tied.ts';

const ERROR_LIMIT = 4000;
/** QEMU gives the terminal back as it was when it may end by itself. */
const GRACE_MS = 3000;

/** A running virtual machine. */
export interface Machine {
  readonly pid: number | undefined;
  /** Ends when QEMU has ended. Never fails. */
  readonly exited: Promise<Exit>;
  /** What QEMU itself said on standard error, the end of it. */
  errors(): string;
  /** Ends it at once, as pulling the plug would. Done when it is gone. */
  kill(): Promise<void>;
}

/** Starts QEMU; an abort of `signal` ends it. It never outlives this process. */
export function startMachine(qemu: string, options: QemuOptions, signal?: AbortSignal): Machine {
  const terminal = options.serial.kind === 'terminal';
  const child = spawnTied(qemu, qemuArguments(options), {
    stdio: terminal ? ['inherit', 'inherit', 'pipe'] : ['ignore', 'ignore', 'pipe'],
  });
  let errors = '';
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    errors = (errors + chunk).slice(-ERROR_LIMIT);
  });
  const exited = settled(child, (error) => {
    errors += String(error);
  });
  let grace: NodeJS.Timeout | undefined;
  const end = () => {
    child.kill('SIGTERM');
    grace = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
  };
  if (signal?.aborted === true) end();
  signal?.addEventListener('abort', end, { once: true });
  void exited.finally(() => {
    clearTimeout(grace);
    signal?.removeEventListener('abort', end);
  });
  return {
    pid: child.pid,
    exited,
    errors: () => errors.trim(),
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

/** An error for a machine that QEMU did not run to its end. */
export function machineFailed(machine: Machine, { code, signal }: Exit): LivesysError {
  const how = signal === null ? `with exit code ${code ?? '?'}` : `by ${signal}`;
  const details = machine.errors() === '' ? [] : [machine.errors()];
  return new LivesysError('LIVESYS_BOOT_FAILED', `QEMU ended ${how}.`, {
    details,
    hint: 'What QEMU said is above; livesys doctor tells what this machine can do.',
  });
}

async function settled(child: ChildProcess, onError: (error: unknown) => void): Promise<Exit> {
  return waitForExit(child).catch((error: unknown) => {
    onError(error);
    return { code: null, signal: null };
  });
}
