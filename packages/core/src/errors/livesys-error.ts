import { ERRORS, type ErrorCode } from './table.ts';

/** Where in the work an error belongs. */
export interface ErrorContext {
  readonly plugin?: string;
  readonly step?: string;
  readonly task?: string;
  readonly cause?: unknown;
  /** Replaces the hint of the table when more is known. */
  readonly hint?: string;
  /** Further lines, such as a table of problems or the end of a tool's output. */
  readonly details?: readonly string[];
}

/**
 * An error that a person can act on. Recognised by its `code`, never by `instanceof`, because a
 * plugin may have its own copy of this package.
 */
export class LivesysError extends Error {
  readonly code: ErrorCode;
  readonly hint: string;
  readonly exitCode: number;
  readonly details: readonly string[];
  readonly plugin: string | undefined;
  readonly step: string | undefined;
  readonly task: string | undefined;

  constructor(code: ErrorCode, message: string, context: ErrorContext = {}) {
    super(message, context.cause === undefined ? {} : { cause: context.cause });
    this.name = 'LivesysError';
    this.code = code;
    this.hint = context.hint ?? ERRORS[code].hint;
    this.exitCode = ERRORS[code].exitCode;
    this.details = context.details ?? [];
    this.plugin = context.plugin;
    this.step = context.step;
    this.task = context.task;
  }
}

/** Tells whether something thrown is a {@link LivesysError}, from whichever copy of the class. */
export function isLivesysError(error: unknown): error is LivesysError {
  return error instanceof Error && 'code' in error && isErrorCode(String(error.code));
}

/** Tells whether a text is one of the permanent codes. */
export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERRORS, code);
}
