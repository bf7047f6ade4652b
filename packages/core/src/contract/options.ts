import { didYouMean } from '../config/nearest.ts';
import { LivesysError } from '../errors/livesys-error.ts';

/** For each option a test of what is given, and how a sentence with "must be" goes on. */
export type OptionChecks<T> = Readonly<
  Record<keyof T & string, readonly [fits: (value: unknown) => boolean, must: string]>
>;

/**
 * Checks what a part was given, for configs in YAML and JSON, where no compiler does. An option that
 * is `undefined` counts as left out. Throws `LIVESYS_CONFIG_INVALID` with a line per problem.
 *
 * @example
 * checkOptions<WifiOptions>('wifi', options, { country: [isText, 'a country such as "DE"'] });
 */
export function checkOptions<T extends object>(
  part: string,
  given: unknown,
  checks: OptionChecks<T>,
): void {
  const details =
    given === undefined ? [] : isObject(given) ? problems(part, given, checks) : [noObject(checks)];
  if (details.length === 0) return;
  throw new LivesysError('LIVESYS_CONFIG_INVALID', `the options of ${part}() have problems`, {
    details,
  });
}

/** Text that is not empty. */
export const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';

/** One of the given values, as a check. */
export function oneOf(...values: readonly string[]): OptionChecks<{ one: string }>['one'] {
  const quoted = values.map((value) => JSON.stringify(value));
  return [(value) => values.some((one) => one === value), quoted.join(' or ')];
}

function problems(
  part: string,
  given: object,
  checks: OptionChecks<Record<string, unknown>>,
): readonly string[] {
  const known = Object.keys(checks);
  return Object.entries(given).flatMap(([key, value]) => {
    const check = Object.hasOwn(checks, key) ? checks[key] : undefined;
    if (check === undefined) return [`${part}.${key}  ${noSuchOption(key, known)}`];
    return value === undefined || check[0](value) ? [] : [`${part}.${key}  must be ${check[1]}`];
  });
}

function noSuchOption(key: string, known: readonly string[]): string {
  if (known.length === 0) return 'is no option; there are none';
  return `is no option${didYouMean(key, known) || `; there are ${known.join(', ')}`}`;
}

const noObject = (checks: object): string => {
  const known = Object.keys(checks);
  return known.length === 0 ? 'it takes none' : `they must be an object with ${known.join(', ')}`;
};

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
