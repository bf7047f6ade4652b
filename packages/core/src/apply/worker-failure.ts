import { isErrorCode, isLivesysError, LivesysError } from '../errors/livesys-error.ts';
import type { WorkerFailure } from './worker-protocol.ts';

/** An error as plain data, for another process. */
export function failureOf(error: unknown): WorkerFailure {
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

/** The error that another process had. */
export function failedError(event: WorkerFailure): LivesysError {
  const code = isErrorCode(event.code) ? event.code : 'LIVESYS_INTERNAL';
  // For --debug: where it happened is known to the other process alone.
  const cause = Object.assign(new Error(event.message), { stack: event.stack });
  return new LivesysError(code, event.message, {
    cause,
    hint: event.hint,
    details: event.details,
    ...(event.task === undefined ? {} : { task: event.task }),
    ...(event.plugin === undefined ? {} : { plugin: event.plugin }),
  });
}
