import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { ApplyOptions } from '../../../packages/core/src/apply/apply-plan.ts';
import type { BuildEvent } from '../../../packages/core/src/apply/events.ts';
import type { Plan } from '../../../packages/core/src/plan/model.ts';
import type { Account } from './account.ts';

export interface CallerRequest {
  readonly plan: Plan;
  readonly options: Omit<ApplyOptions, 'onEvent' | 'signal'>;
}

/** What applyPlan threw, with everything a user would be shown. */
interface Thrown {
  readonly type: 'thrown';
  readonly code: string;
  readonly exitCode: number;
  readonly message: string;
  readonly hint: string;
  readonly details: readonly string[];
  readonly task: string | undefined;
}

export type CallerLine = BuildEvent | Thrown;

export interface CallerOptions {
  /** Default: root. */
  readonly user?: Account | undefined;
  /** Put before the command, such as a tracer. */
  readonly prefix?: readonly string[];
}

/** How a run ended, for the one who called. */
export interface Ending {
  readonly events: readonly BuildEvent[];
  readonly thrown: Thrown | undefined;
  readonly status: number | null;
  readonly stderr: string;
}

/** applyPlan in a process of its own. */
export interface Caller {
  readonly pid: number;
  /** Everything that was heard so far. */
  readonly events: BuildEvent[];
  kill(signal: NodeJS.Signals): void;
  /** Resolves at the first event that fits, rejects when the run ends before. */
  heard(fits: (event: BuildEvent) => boolean): Promise<BuildEvent>;
  readonly ended: Promise<Ending>;
}

const REPOSITORY = fileURLToPath(new URL('../../..', import.meta.url));
const MAIN = fileURLToPath(new URL('./apply-main.ts', import.meta.url));

export function startCaller(
  folder: string,
  request: CallerRequest,
  options: CallerOptions = {},
): Caller {
  const file = join(mkdtempSync(join(folder, 'request-')), 'request.json');
  writeFileSync(file, JSON.stringify(request));
  chmodSync(join(file, '..'), 0o755);
  const argv = [
    ...(options.prefix ?? []),
    ...(options.user === undefined ? [] : options.user.become),
    ...[process.execPath, '--import', 'tsx', '--conditions=@livesys/source', MAIN, file],
  ];
  const child = spawn(argv[0] as string, argv.slice(1), {
    cwd: REPOSITORY,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return listen(child);
}

/** Runs it to its end. */
export async function callApply(
  folder: string,
  request: CallerRequest,
  options: CallerOptions = {},
): Promise<Ending> {
  return startCaller(folder, request, options).ended;
}

/** As {@link callApply}, and fails with what was thrown unless all went well. */
export async function applyWell(
  folder: string,
  request: CallerRequest,
  options: CallerOptions = {},
): Promise<Ending> {
  const ending = await callApply(folder, request, options);
  if (ending.status === 0) return ending;
  throw new Error(
    `apply ended with ${ending.status}: ${JSON.stringify(ending.thrown, undefined, 2)}\n${ending.stderr}`,
  );
}

function listen(child: ChildProcess): Caller {
  const events: BuildEvent[] = [];
  const listeners = new Set<(event: BuildEvent | undefined) => void>();
  let thrown: Thrown | undefined;
  let stderr = '';
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  lines.on('line', (line) => {
    const heard = JSON.parse(line) as CallerLine;
    if (heard.type === 'thrown') thrown = heard;
    else {
      events.push(heard);
      for (const listener of listeners) listener(heard);
    }
  });
  const ended = once(child, 'close').then(([status]): Ending => {
    for (const listener of listeners) listener(undefined);
    return { events, thrown, status: status as number | null, stderr };
  });
  return {
    pid: child.pid as number,
    events,
    kill: (signal) => void child.kill(signal),
    ended,
    heard: async (fits) =>
      new Promise((resolve, reject) => {
        const listener = (event: BuildEvent | undefined): void => {
          if (event !== undefined && !fits(event)) return;
          listeners.delete(listener);
          if (event !== undefined) resolve(event);
          else reject(new Error(`the run ended: ${JSON.stringify(thrown)} ${stderr}`));
        };
        const earlier = events.find(fits);
        if (earlier === undefined) listeners.add(listener);
        else resolve(earlier);
      }),
  };
}
