/** The members of a LivesysError, whichever copy of the class made it. */
export interface KnownError extends Error {
  readonly code: string;
  readonly exitCode: number;
  readonly hint: string;
  readonly details?: readonly string[];
  readonly plugin?: string | undefined;
  readonly task?: string | undefined;
  readonly log?: string | undefined;
}

/** Tells errors that were written for people from those that were not. */
export function isKnownError(error: unknown): error is KnownError {
  if (!(error instanceof Error)) return false;
  const { code, exitCode, hint } = error as Partial<KnownError>;
  return (
    typeof code === 'string' &&
    /^LIVESYS_[A-Z_]+$/.test(code) &&
    typeof exitCode === 'number' &&
    typeof hint === 'string'
  );
}

/** Anything that was thrown, as an error with a code, an exit code and a hint. */
export function asKnownError(error: unknown): KnownError {
  if (isKnownError(error)) return error;
  const message = error instanceof Error ? error.message : String(error);
  return Object.assign(new Error(message, { cause: error }), {
    code: 'LIVESYS_INTERNAL',
    exitCode: 1,
    hint: 'This is a defect. Run again with --debug and report what it prints.',
  });
}

/** What a person reads when a command fails. Stacks only with `--debug`. */
export function formatError(thrown: unknown, options: { readonly debug: boolean }): string {
  const error = asKnownError(thrown);
  const lines = [
    error.message,
    ...(error.details ?? []).flatMap((detail) => indent(detail)),
    ...indent(error.hint),
    `${error.code} (exit ${error.exitCode}) · docs/errors.md#${error.code.toLowerCase()}`,
    ...(options.debug ? stackLines(thrown) : []),
  ];
  return `${lines.join('\n')}\n`;
}

function indent(text: string): string[] {
  return text === '' ? [] : text.split('\n').map((line) => `  ${line}`.trimEnd());
}

/** Stacks of an error and of what caused it. */
function stackLines(thrown: unknown): string[] {
  const lines: string[] = [];
  const seen = new Set<unknown>();
  for (let error = thrown; error instanceof Error && !seen.has(error); error = error.cause) {
    seen.add(error);
    lines.push('', lines.length === 0 ? (error.stack ?? '') : `caused by: ${error.stack ?? ''}`);
  }
  return lines;
}
