import { LivesysError } from '@livesys/core/plugin';

import { FormatError } from '../disk/bytes.ts';
import { isKnownError } from '../terminal/print-error.ts';
import { systemCode } from '../terminal/system-error.ts';
import { formatSize } from '../text/size.ts';
import type { Target } from './target.ts';
import type { Progress } from './write-image.ts';

interface Failure {
  readonly progress: Progress;
  readonly target: Target;
  readonly signal: AbortSignal;
}

/** An error that says in what state the device is now. */
export async function explainFailure(error: unknown, failure: Failure): Promise<Error> {
  const { target, signal, progress } = failure;
  const hint = stateOf(target.path, progress);
  if (signal.aborted) {
    return new LivesysError('LIVESYS_INTERRUPTED', 'Interrupted.', { hint, cause: error });
  }
  if (!(await target.isThere())) {
    const message = `${target.path} is gone: it was pulled out, or it failed.`;
    return new LivesysError('LIVESYS_WRITE_FAILED', message, { hint, cause: error });
  }
  if (isKnownError(error)) return Object.assign(error, { hint });
  const message = `${target.path} reported an error (${systemCode(error)}).`;
  return new LivesysError('LIVESYS_WRITE_FAILED', message, { hint, cause: error });
}

/** What was interrupted before anything was written says so. */
export function interrupted(error: unknown): unknown {
  if (isKnownError(error) && error.code === 'LIVESYS_INTERRUPTED') return error;
  const hint = 'Nothing was changed.';
  return new LivesysError('LIVESYS_INTERRUPTED', 'Interrupted.', { hint, cause: error });
}

function stateOf(path: string, { state, done, bytes }: Progress): string {
  if (state === 'untouched') return 'Nothing was changed.';
  const written =
    done === bytes
      ? `${path} is erased: the image is written, but the medium is not complete.`
      : `${path} is erased in part: ${formatSize(done)} of ${formatSize(bytes)} written.`;
  return state === 'complete'
    ? `${path} is complete.`
    : `${written} It does not start; write it again.`;
}

/** For a read of the image that failed. */
export const sourceFailed =
  (path: string) =>
  (error: unknown): never => {
    const why = error instanceof FormatError ? error.message : systemCode(error);
    throw new LivesysError('LIVESYS_WRITE_FAILED', `${path} could not be read: ${why}.`, {
      cause: error,
    });
  };
