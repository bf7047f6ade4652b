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
import { carryOut } from './carry-out.ts';
import { setHostName } from './host-name.ts';
import { tmpfs } from './mounts.ts';
import { explainSystemError } from './task-error.ts';
import { failedError, failureOf } from './worker-failure.ts';
import type { VolumeAnswer, WorkerEvent, WorkerMessage, WorkerRequest } from './worker-protocol.ts';

const lines = createInterface({ input: process.stdin });
const abort = new AbortController();

const say = (message: WorkerMessage): void =>
  void process.stdout.write(`${JSON.stringify(message)}\n`);
const emit = (event: WorkerEvent): void => say(event);

lines.once('line', (line) => void main(JSON.parse(line) as WorkerRequest));
lines.on('line', (line) => {
  if (line === 'abort') abort.abort();
  else if (asked.size > 0) answered(JSON.parse(line) as VolumeAnswer);
});
lines.once('close', () => process.exit(1));

/** Who waits for a snapshot, by the device number of its volume. */
const asked = new Map<string, (answer: VolumeAnswer) => void>();

async function takeVolume(number: string): Promise<string> {
  const answer = new Promise<VolumeAnswer>((resolve) => asked.set(number, resolve));
  say({ type: 'volume-wanted', number });
  const { device, failure } = await answer;
  if (device !== undefined) return device;
  throw failure === undefined ? new Error('an answer says nothing') : failedError(failure);
}

function answered(answer: VolumeAnswer): void {
  asked.get(answer.number)?.(answer);
  asked.delete(answer.number);
}

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
      takeVolume,
    });
    if (counts !== undefined) {
      emit({ type: 'finished', milliseconds: Date.now() - started, ...counts });
    }
    process.exitCode = 0;
  } catch (error) {
    emit(failureOf(explainSystemError(error)));
    process.exitCode = 1;
  }
  // Standard output is a pipe: leave when all of it has been read.
  process.stdout.write('', () => process.exit());
}
