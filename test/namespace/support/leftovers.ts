import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { isAlive, processes, type Process } from './processes.ts';
import { run } from './run.ts';

export interface RunTraces {
  readonly cache: string;
  /** Processes that were seen while the run went on. */
  readonly seen?: readonly Process[];
  readonly outputs?: readonly string[];
}

/** What is left of runs in a cache, one line each: empty when they have cleaned up. */
export function leftovers({ cache, seen = [], outputs = [] }: RunTraces): readonly string[] {
  const alive = new Map(seen.filter(isAlive).map((one) => [one.pid, one]));
  for (const one of processes()) {
    if (one.argv.some((argument) => argument.includes(cache))) alive.set(one.pid, one);
  }
  return [
    ...[...alive.values()].map((one) => `process ${one.pid}: ${one.argv.join(' ')}`),
    ...lines('mount', readFileSync('/proc/self/mountinfo', 'utf8'), cache),
    ...lines('loop device', run('losetup', '--all'), cache),
    ...names(join(cache, 'tmp')).map((name) => `in the cache: tmp/${name}`),
    ...outputs.flatMap((path) =>
      names(dirname(path))
        .filter((name) => name.startsWith('.livesys-'))
        .map((name) => `beside the output: ${name}`),
    ),
  ];
}

/** As {@link leftovers}, for runs that were killed: gives what cleans up behind them up to 20 s. */
export async function leftoversAtLast(traces: RunTraces): Promise<readonly string[]> {
  const end = Date.now() + 20_000;
  for (;;) {
    const found = leftovers(traces);
    if (found.length === 0 || Date.now() > end) return found;
    await pause(50);
  }
}

function lines(what: string, text: string, path: string): readonly string[] {
  return text
    .split('\n')
    .filter((line) => line.includes(path))
    .map((line) => `${what}: ${line}`);
}

function names(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
