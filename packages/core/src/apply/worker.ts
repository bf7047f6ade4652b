/**
 * The program that carries a plan out, inside the namespaces of the sandbox. It gets one request
 * on its standard input and ends when that input ends: without the process that asked, there is
 * no work to do. Events go to standard output, one per line.
 */
import { mkdir } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { LocalStore } from '../cache/local-store.ts';
import { isLivesysError, LivesysError } from '../errors/livesys-error.ts';
import { carryOut } from './carry-out.ts';
import { setHostName } from './host-name.ts';
import { tmpfs } from './mounts.ts';
import { explainSystemError } from './task-error.ts';
import type { WorkerEvent, WorkerFailure, WorkerRequest } from './worker-protocol.ts';

const lines = createInterface({ input: process.stdin });
const abort = new AbortController();

const emit = (event: WorkerEvent): void => void process.stdout.write(`${JSON.stringify(event)}\n`);

lines.once('line', (line) => void main(JSON.parse(line) as WorkerRequest));
lines.on('line', (line) => {
  if (line === 'abort') abort.abort();
});
lines.once('close', () => process.exit(1));

async function main(request: WorkerRequest): Promise<void> {
  const started = Date.now();
  try {
    process.umask(0o022);
    await setHostName('livesys');
    const scratch = join(request.cache, 'tmp', request.run);
    const points = join(scratch, 'points');
    await mkdir(points, { recursive: true });
    await tmpfs(points);
    const counts = await carryOut(request, {
      store: new LocalStore(request.cache),
      scratch,
      points,
      signal: abort.signal,
      // One more than cores, since tasks also wait for the disk.
      width: cpus().length + 1,
      emit,
    });
    if (counts !== undefined) {
      emit({ type: 'finished', milliseconds: Date.now() - started, ...counts });
    }
    process.exitCode = 0;
  } catch (error) {
    emit(failure(explainSystemError(error)));
    process.exitCode = 1;
  }
  // Standard output is a pipe: leave when all of it has been read.
  process.stdout.write('', () => process.exit());
}

function failure(error: unknown): WorkerFailure {
  const { message, stack = '' } = error instanceof Error ? error : new Error(String(error));
  const known = isLivesysError(error) ? error : new LivesysError('LIVESYS_INTERNAL', message);
  const { code, exitCode, hint, details, task, plugin } = known;
  return {
    type: 'failed',
    ...{ code, exitCode, message, hint, details, stack },
    ...(task === undefined ? {} : { task }),
    ...(plugin === undefined ? {} : { plugin }),
  };
}
