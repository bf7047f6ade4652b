import { isLivesysError, LivesysError, type ErrorContext } from '../errors/livesys-error.ts';

/** The error for a mount of which no snapshot could be taken. */
export function snapshotFailed(
  at: string,
  details: readonly string[],
  context: ErrorContext = {},
): LivesysError {
  return new LivesysError(
    'LIVESYS_SNAPSHOT_FAILED',
    `No snapshot of what is mounted at ${at} could be taken.`,
    { ...context, details },
  );
}

/** What a tool or the system refused; what is a defect stays as it is. */
export function explained(at: string, error: unknown): unknown {
  if (isLivesysError(error)) {
    return snapshotFailed(at, error.details.length > 0 ? error.details : [error.message], {
      cause: error,
      // What helps is known best where it was to be taken.
      ...(error.code === 'LIVESYS_SNAPSHOT_FAILED' ? { hint: error.hint } : {}),
    });
  }
  const isRefused = error instanceof Error && 'syscall' in error;
  return isRefused ? snapshotFailed(at, [error.message], { cause: error }) : error;
}
