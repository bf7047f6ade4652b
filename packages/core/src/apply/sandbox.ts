import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { isLivesysError, LivesysError } from '../errors/livesys-error.ts';
import { capture, CLEAN_ENVIRONMENT, quote } from './command-runner.ts';
import { CommandShell, LASTING_LOOP, type Shell } from './command-shell.ts';

/** How the namespaces of a run are made. */
export interface SandboxOptions {
  readonly rootless: boolean;
  /** File whose lock the run holds; the kernel frees it however the run ends. */
  readonly lock: string;
  /** File whose lock tells that this very run goes on; others may wait for {@link lock}. */
  readonly alive: string;
  /** Folders to remove when the run has ended, however it ended. */
  readonly remove: readonly string[];
  /** Commands that give back what else it holds, then. */
  readonly release: readonly (readonly string[])[];
}

/** Exit status of `flock` when another run holds the lock. */
export const LOCK_BUSY = 75;

/** Whether a line is of a tool that could not make the namespaces. */
export function isNamespaceComplaint(line: string): boolean {
  return /^(unshare|newuidmap|newgidmap): (?!failed to execute (?!new[ug]idmap))/.test(line);
}

/** The error for a machine on which only root can build. */
export function noNamespaces(details: readonly string[]): LivesysError {
  if (details.some((line) => line.includes('cannot change root filesystem propagation'))) {
    return new LivesysError(
      'LIVESYS_NO_NAMESPACES',
      'The root of this system is no mount point, as after chroot, and livesys cannot mount in it.',
      { details, hint: 'Run livesys outside, with that folder as the source.' },
    );
  }
  return new LivesysError(
    'LIVESYS_NO_NAMESPACES',
    'This machine does not let you make a user namespace with subordinate ids.',
    { details },
  );
}

/**
 * A user namespace in which the caller is root and owns his subordinate ids. To be used after
 * {@link assertNamespaces}.
 */
export const USER_NAMESPACE = ['--user', '--map-root-user', '--map-auto'];

let tried: Promise<void> | undefined;

/**
 * Refuses a caller without root for whom the namespaces of a run cannot be made. This must be known
 * before: where the kernel refuses, `unshare --map-auto` ends but leaves a helper that waits for
 * ever and holds our pipes, and where there are no subordinate ids no janitor can clean up.
 */
export async function assertNamespaces(): Promise<void> {
  if (process.getuid?.() === 0) return;
  tried ??= tryNamespaces();
  await tried;
}

async function tryNamespaces(): Promise<void> {
  const others = ['--mount', '--uts', '--ipc', '--pid'];
  try {
    await capture(['unshare', '--user', '--map-root-user', ...others, '--', 'true']);
    await capture(['unshare', ...USER_NAMESPACE, '--', 'true']);
  } catch (error) {
    // The kernel's word for a limit on namespaces is that of a full disk.
    const refusals = ['LIVESYS_COMMAND_FAILED', 'LIVESYS_NO_SPACE'];
    if (!isLivesysError(error) || !refusals.includes(error.code)) throw error;
    const limit = 'a limit in /proc/sys/user is reached';
    throw noNamespaces(error.details.map((line) => line.replace('No space left on device', limit)));
  }
}

/**
 * Starts the worker in namespaces of its own. It dies with this process: the kernel kills the
 * chain when its parent dies (`setpriv`, `--kill-child`), the worker also ends when its input
 * does, and with the PID namespace's first process everything in it goes, mounts included.
 */
export function startWorker(options: SandboxOptions, wait: boolean): ChildProcess {
  const worker = fileURLToPath(
    new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url),
  );
  const node = worker.endsWith('.ts')
    ? [process.execPath, '--import', 'tsx', '--conditions=@livesys/source']
    : [process.execPath];
  const argv = [
    ...['setpriv', '--pdeathsig', 'KILL'],
    ...[
      'flock',
      '--no-fork',
      ...(wait ? [] : ['--nonblock']),
      '--conflict-exit-code',
      String(LOCK_BUSY),
      options.lock,
    ],
    ...['flock', '--no-fork', options.alive],
    ...[
      'unshare',
      ...(options.rootless ? USER_NAMESPACE : []),
      '--mount',
      '--propagation',
      'private',
      '--uts',
      '--ipc',
      '--pid',
      '--fork',
      '--kill-child',
      '--mount-proc',
    ],
    ...[...node, worker],
  ];
  // In a session of its own, so that Ctrl-C reaches only us and the run can be unwound.
  return spawn(argv[0] as string, argv.slice(1), {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
}

/** Removes what a run leaves on disk, after everything of the run has died. */
export interface Janitor {
  /**
   * Runs a command, one after the other, outside of the sandbox: it comes to its end, and before what
   * is removed, also where everything of the run is killed meanwhile.
   */
  carryOut(argv: readonly string[]): Promise<void>;
  /** Lets it work and waits until it is done. Gives whether all was released. */
  finish(): Promise<boolean>;
}

const WORK = `trap "" HUP INT PIPE TERM; ${LASTING_LOOP}; lock=$1 status=0; shift`;
const REMOVE = 'flock "$lock" rm -rf --one-file-system -- "$lock" "$@"';

function work({ release }: SandboxOptions): string {
  const lines = release.map((argv) => `flock "$lock" ${argv.map(quote).join(' ')} || status=1`);
  return [WORK, ...lines, REMOVE, 'exit $status'].join('; ');
}

/**
 * Starts the janitor: it waits for this process to end or to say so, then for the lock that the
 * run holds, and removes the run's folders. `kill -9` of any part of a run leaves it working.
 */
export function startJanitor(options: SandboxOptions): Janitor {
  const script = ['sh', '-c', work(options), 'livesys-janitor', options.alive, ...options.remove];
  const argv = options.rootless ? ['unshare', ...USER_NAMESPACE, '--', ...script] : script;
  const child = spawn(argv[0] as string, argv.slice(1), {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: CLEAN_ENVIRONMENT,
    detached: true,
  }) as Shell;
  child.stdout.unref();
  const shell = new CommandShell(() => child, 'The process that cleans up after a run');
  const ended = once(child, 'exit').then(
    ([status]) => status === 0,
    () => false,
  );
  return {
    carryOut: async (argv) => shell.run(argv),
    async finish() {
      child.stdin.end();
      return ended;
    },
  };
}
