import { z } from 'zod';
import { didYouMean } from './nearest.ts';

/** A schema for each key of a type, so that the two cannot drift apart. */
export type ShapeOf<T> = { readonly [K in keyof Required<T>]: z.ZodType };

/** An object that refuses unknown keys and names the nearest known one, one line per key. */
export function strict<S extends z.core.$ZodLooseShape>(shape: S) {
  const known = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => `there is no such key${unknownKey(key, known)}`).join('\n')
        : undefined,
  });
}

function unknownKey(key: string, known: readonly string[]): string {
  return didYouMean(key, known) || `; there are ${known.join(', ')}`;
}

/** Text of a certain form; `must` goes on after "must be". */
export const textLike = (pattern: RegExp, must: string) =>
  z.string().regex(pattern, { error: `must be ${must}` });

/** Names of layers and profiles: they become file names and words on a kernel command line. */
export const partName = z.string().regex(/^(?!\.{1,2}$)[A-Za-z0-9._-]{1,64}$/, {
  error: 'a name has 1 to 64 characters, each of them a letter, a digit, ".", "_" or "-"',
});

/** One line that a person reads. */
export const title = textLike(/^[^\p{Cc}]*\S[^\p{Cc}]*$/u, 'one line of text');

/** A package, perhaps with a version; never something that a package manager takes for an option. */
export const packageName = textLike(/^[^\s-]\S*$/, 'the name of one package');

/** One kernel argument. Spaces are for inside quotes only. */
export const kernelArgument = textLike(
  /^(?:[^\s"]|"[^"\p{Cc}]*")+$/u,
  'one kernel argument; write each as an entry of its own',
);

/** A list that is empty unless given. */
export const listOf = <T extends z.ZodType>(item: T) => z.array(item).default([]);
