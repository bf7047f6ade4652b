import { isLivesysError, LivesysError } from '../errors/livesys-error.ts';

/** What the system says when a disk or a quota is full. */
const FULL = new Set(['ENOSPC', 'EDQUOT']);
const FULL_TEXT = /no space left on device|disk quota exceeded/i;

/** Whether what a tool printed tells of a full disk. */
export function tellsOfFullDisk(lines: readonly string[]): boolean {
  return lines.some((line) => FULL_TEXT.test(line));
}

/** The error for a disk that was full during a task, or while nothing was carried out yet. */
export function diskFull(
  task: string | undefined,
  cause: unknown,
  details: readonly string[] = [],
): LivesysError {
  const when = task === undefined ? '' : ` during ${task}`;
  return new LivesysError(
    'LIVESYS_NO_SPACE',
    `The disk filled up${when}. What it was doing is undone; finished tasks are kept.`,
    { cause, details, ...(task === undefined ? {} : { task }) },
  );
}

/** Gives what the system refused the form of an error for people; what is a defect stays as it is. */
export function explainSystemError(error: unknown, task?: string): unknown {
  if (isLivesysError(error) || !(error instanceof Error)) return error;
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (code !== undefined && FULL.has(code)) return diskFull(task, error);
  if (syscall === undefined) return error;
  return new LivesysError(
    'LIVESYS_OPERATION_FAILED',
    task === undefined ? `${error.message}.` : `${task}: ${error.message}.`,
    { cause: error, ...(task === undefined ? {} : { task }) },
  );
}
