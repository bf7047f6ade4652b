import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { ChildProcess } from 'node:child_process';
import type { Writable } from 'node:stream';
import { isLivesysError, LivesysError } from '../errors/livesys-error.ts';
import { SNAPSHOTS, type Plan } from '../plan/model.ts';
import { assertSafe } from '../plan/safety.ts';
import { readSecrets } from './secrets.ts';
import type { BuildEvent } from './events.ts';
import { LocalStore } from '../cache/local-store.ts';
import { carryOut } from './carry-out.ts';
import { assertApart } from './apart.ts';
import { capture } from './command-runner.ts';
import { clockWarning } from './clock.ts';
import { fingerprintAll } from './fingerprint-all.ts';
import { assertBuilderTools, type InstallLine } from './builder-tools.ts';
import { assertCacheFits } from './cache-folder.ts';
import { outputStaging } from './output.ts';
import { aliveFile } from './run-files.ts';
import { mountsFrom } from './snapshot-mounts.ts';
import { snapshotDevices, sweepCommand } from './snapshot-sweep.ts';
import {
  assertNamespaces,
  isNamespaceComplaint,
  LOCK_BUSY,
  noNamespaces,
  startJanitor,
  startWorker,
  type SandboxOptions,
} from './sandbox.ts';
import { VolumeTaker } from './take-volume.ts';
import { VOLUME_SNAPSHOTS } from './volume-mark.ts';
import { volumeSweepCommand } from './volume-sweep.ts';
import { failedError, failureOf } from './worker-failure.ts';
import type { VolumeAnswer, WorkerEvent, WorkerMessage, WorkerRequest } from './worker-protocol.ts';

export interface ApplyOptions {
  readonly cache: string;
  /** Taken already by {@link annotatePlan}; otherwise they are taken now. */
  readonly fingerprints?: ReadonlyMap<string, string>;
  /** Ids of tasks to carry out even if they are cached. */
  readonly refresh?: readonly string[];
  readonly until?: string;
  readonly force?: boolean;
  /** Owner of outputs. Default: the caller, under sudo the person behind it. */
  readonly owner?: { readonly uid: number; readonly gid: number };
  readonly signal?: AbortSignal;
  /** For the error about a program that is missing on the builder. */
  readonly installLine?: InstallLine;
  onEvent(event: BuildEvent): void;
}

/** How long an interrupted worker may take to unwind, in milliseconds. */
const UNWIND = 10_000;

/** Carries a plan out in the sandbox. Throws what went wrong there as an error of this process. */
export async function applyPlan(plan: Plan, options: ApplyOptions): Promise<void> {
  await assertApart(plan, options.cache);
  assertSafe(plan, { cache: options.cache });
  await assertBuilderTools(plan, options.installLine);
  const fingerprints = options.fingerprints ?? (await fingerprintAll(plan)).fingerprints;
  const run = `${Date.now().toString(36)}-${randomBytes(4).toString('hex')}`;
  const sandbox = sandboxOptions(plan, options.cache, run);
  const request: WorkerRequest = {
    plan,
    cache: options.cache,
    run,
    rootless: sandbox.rootless,
    fingerprints: Object.fromEntries(fingerprints),
    refresh: options.refresh ?? [],
    ...(options.until === undefined ? {} : { until: options.until }),
    owner: options.owner ?? caller(),
    force: options.force ?? false,
    secrets: await readSecrets(plan),
  };
  if (await isDoneAlready(request, options)) return;
  await assertCacheFits(options.cache);
  const warning = clockWarning(plan.sourceDateEpoch, Date.now());
  if (warning !== undefined) options.onEvent({ type: 'warning', message: warning });
  await assertNamespaces();
  const janitor = startJanitor(sandbox);
  try {
    await sweepSnapshots(sandbox, options);
    const volumes = new VolumeTaker({
      ...{ run, alive: sandbox.alive, volumes: volumeCount(plan) },
      carryOut: async (argv) => janitor.carryOut(argv),
    });
    await converse(sandbox, request, options, volumes);
  } catch (error) {
    const released = await janitor.finish();
    if (!released) options.onEvent({ type: 'warning', message: snapshotsLeft(run).message });
    throw error;
  }
  if (!(await janitor.finish())) throw snapshotsLeft(run);
}

/** What runs that were cut off have left; one that cannot be removed now may be so the next time. */
async function sweepSnapshots({ release }: SandboxOptions, options: ApplyOptions): Promise<void> {
  for (const command of release) {
    await capture(command).catch((error: unknown) => {
      if (!isLivesysError(error)) throw error;
      const message = ['Snapshots of an earlier run could not be removed', ...error.details];
      options.onEvent({ type: 'warning', message: message.join(': ') });
    });
  }
}

/** How many logical volumes a plan reads from snapshots. */
function volumeCount(plan: Plan): number {
  return new Set(mountsFrom(plan, 'volume').map(({ number }) => number)).size;
}

function snapshotsLeft(run: string): LivesysError {
  return new LivesysError(
    'LIVESYS_NOT_RELEASED',
    `Snapshots could not be removed: at the top of their btrfs, in ${SNAPSHOTS}${run}, or logical volumes named ${VOLUME_SNAPSHOTS}${run}-0 and so on.`,
  );
}

/** Where everything is cached there is nothing to start a sandbox for. */
async function isDoneAlready(request: WorkerRequest, options: ApplyOptions): Promise<boolean> {
  const started = Date.now();
  const counts = await carryOut(request, {
    store: new LocalStore(options.cache),
    scratch: undefined,
    points: undefined,
    signal: options.signal ?? new AbortController().signal,
    width: 1,
    takeVolume: async () => Promise.reject(new Error('nothing runs here')),
    emit: (event) => options.onEvent(event),
  });
  if (counts === undefined) return false;
  options.onEvent({ type: 'finished', milliseconds: Date.now() - started, ...counts });
  return true;
}

function sandboxOptions(plan: Plan, cache: string, run: string): SandboxOptions {
  const outputs = plan.tasks.flatMap((task) =>
    task.result.kind === 'output' ? [outputStaging(task.result.path, run)] : [],
  );
  const devices = snapshotDevices(plan);
  return {
    rootless: process.getuid?.() !== 0,
    lock: join(cache, 'lock'),
    alive: aliveFile(cache, run),
    remove: [join(cache, 'tmp', run), ...outputs],
    release: [
      ...(devices.length === 0 ? [] : [sweepCommand(devices, { cache, run })]),
      ...(volumeCount(plan) === 0 ? [] : [volumeSweepCommand(run)]),
    ],
  };
}

function caller(): { readonly uid: number; readonly gid: number } {
  const { SUDO_UID, SUDO_GID } = process.env;
  if (process.getuid?.() === 0 && SUDO_UID !== undefined && SUDO_GID !== undefined) {
    return { uid: Number(SUDO_UID), gid: Number(SUDO_GID) };
  }
  // In the user namespace of a rootless run the caller is root.
  return process.getuid?.() === 0 ? { uid: 0, gid: process.getgid?.() ?? 0 } : { uid: 0, gid: 0 };
}

async function converse(
  sandbox: SandboxOptions,
  request: WorkerRequest,
  options: ApplyOptions,
  volumes: VolumeTaker,
): Promise<void> {
  const first = await attempt(startWorker(sandbox, false), request, options, volumes);
  if (first !== LOCK_BUSY) return;
  options.onEvent({ type: 'waiting', reason: 'another livesys uses this cache' });
  await attempt(startWorker(sandbox, true), request, options, volumes);
}

/** Talks to one worker until it ends. Gives its exit status when it never began to work. */
async function attempt(
  worker: ChildProcess,
  request: WorkerRequest,
  options: ApplyOptions,
  volumes: VolumeTaker,
): Promise<number> {
  const { stdin, stdout, stderr } = worker;
  if (!stdin || !stdout || !stderr) throw new Error('the worker has no pipes');
  let ending: WorkerEvent | undefined;
  let complaint = '';
  stderr.on('data', (chunk: Buffer) => (complaint = (complaint + chunk.toString()).slice(-4096)));
  // A worker that dies early closes its input; its exit tells more than the broken pipe.
  stdin.on('error', () => undefined);
  stdin.write(`${JSON.stringify(request)}\n`);
  let begun = false;
  const stop = interrupter(worker, options.signal, () => (begun ? UNWIND : 0));
  const lines = createInterface({ input: stdout });
  lines.on('line', (line) => {
    const event = JSON.parse(line) as WorkerMessage;
    begun = true;
    if (event.type === 'volume-wanted') {
      void answer(event.number, volumes, stdin);
      return;
    }
    if (event.type === 'finished' || event.type === 'failed') ending = event;
    if (event.type !== 'failed') options.onEvent(event);
    if (ending !== undefined) stdin.end();
  });
  const [[code, signal]] = (await Promise.all([once(worker, 'close'), once(lines, 'close')])) as [
    [number | null, string | null],
    unknown,
  ];
  stop();
  if (ending?.type === 'finished') return 0;
  if (options.signal?.aborted) throw new LivesysError('LIVESYS_INTERRUPTED', 'Interrupted.');
  if (ending?.type === 'failed') throw failedError(ending);
  if (code === LOCK_BUSY) return LOCK_BUSY;
  throw deathError(code, signal, complaint, begun);
}

/** Takes a snapshot that a worker wants. One that has ended meanwhile needs no answer. */
async function answer(number: string, volumes: VolumeTaker, stdin: Writable): Promise<void> {
  const found: VolumeAnswer = await volumes.take(number).then(
    (device) => ({ number, device }),
    (error: unknown) => ({ number, failure: failureOf(error) }),
  );
  if (stdin.writable) stdin.write(`${JSON.stringify(found)}\n`);
}

/** One that has not begun, such as one that waits for the lock, has nothing to unwind. */
function interrupter(
  worker: ChildProcess,
  signal: AbortSignal | undefined,
  unwind: () => number,
): () => void {
  let timer: NodeJS.Timeout | undefined;
  const abort = (): void => {
    worker.stdin?.write('abort\n');
    timer = setTimeout(() => worker.kill('SIGKILL'), unwind());
  };
  if (signal?.aborted) abort();
  signal?.addEventListener('abort', abort, { once: true });
  return () => {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
  };
}

function deathError(
  code: number | null,
  signal: string | null,
  complaint: string,
  begun: boolean,
): LivesysError {
  const lines = complaint.split('\n').filter(Boolean);
  // `unshare` also complains when the worker that it started is killed.
  if (!begun && lines.some(isNamespaceComplaint)) return noNamespaces(lines);
  const how = signal === null ? `exit status ${code ?? 'unknown'}` : signal;
  return new LivesysError(
    'LIVESYS_SANDBOX_FAILED',
    `The process that carries the plan out ended (${how}). What it was doing is undone; finished tasks are kept.`,
    { details: lines },
  );
}
