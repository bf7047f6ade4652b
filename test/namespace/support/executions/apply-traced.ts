import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Plan } from '../../../../packages/core/src/plan/model.ts';
import type { Account } from '../account.ts';
import { traceInto } from './strace.ts';

export const REPOSITORY = fileURLToPath(new URL('../../../..', import.meta.url)).replace(/\/$/, '');

export interface TracedApply {
  readonly plan: Plan;
  readonly file: string;
  readonly cache: string;
  readonly caller: Pick<Account, 'sees' | 'switches'>;
}

/** Runs `livesys apply` below a tracer, from its first program on. Gives the trace. */
export async function applyTraced({ plan, file, cache, caller }: TracedApply): Promise<string> {
  writeFileSync(file, JSON.stringify(plan));
  const trace = `${file}.trace`;
  // Another run has the cache, so that this one also goes the way on which it waits.
  const lock = ['flock', join(cache, 'lock'), 'sh', '-c', 'echo has it; cat'];
  const other = spawn(lock[0] as string, lock.slice(1), { stdio: ['pipe', 'pipe', 'inherit'] });
  await once(other.stdout, 'data');
  // A tracer must be root to follow into a user namespace, so it starts before the change of user.
  const argv = [
    ...caller.sees,
    ...traceInto(trace),
    ...caller.switches,
    // Without its cache the compiler of the sources runs each time, not only when one is new.
    ...['env', `LIVESYS_CACHE=${cache}`, 'TSX_DISABLE_CACHE=1'],
    ...[process.execPath, '--import', 'tsx', '--conditions=@livesys/source'],
    ...[join(REPOSITORY, 'packages/cli/src/main.ts'), 'apply', file, '--json'],
  ];
  const child = spawn(argv[0] as string, argv.slice(1), {
    cwd: REPOSITORY,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  createInterface({ input: child.stdout }).on('line', (line) => {
    if ((JSON.parse(line) as { type: string }).type === 'waiting') other.stdin.end();
  });
  const [status] = (await once(child, 'close')) as [number | null];
  other.kill();
  if (status !== 0) throw new Error(`apply ended with ${status}: ${stderr}`);
  return readFileSync(trace, 'utf8');
}
