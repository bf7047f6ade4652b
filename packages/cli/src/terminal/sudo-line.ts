import { quoteArgument } from '../text/quote.ts';
import { isKnownError } from './print-error.ts';

/** Where only root may do it, the next step is the very line to type. */
export function withSudoLine(error: unknown, argv: readonly string[]): unknown {
  if (!isKnownError(error) || error.code !== 'LIVESYS_NEEDS_ROOT') return error;
  const line = ['sudo', 'livesys', ...argv].map(quoteArgument).join(' ');
  return Object.assign(error, { hint: `Run it as root: ${line}` });
}
