import { z } from 'zod';

/** Marks what only code can write, so that it stays out of the JSON Schema. */
export const CODE_ONLY = 'x-code-only';

const instance = z
  .custom<object>((value) => typeof value === 'object' && value !== null && !Array.isArray(value))
  .meta({ [CODE_ONLY]: true });

/** `string | [string, options] | object`. What the object must have is checked when it is known. */
export const roleSpec = z.union(
  [
    z.string().min(1),
    z.tuple([z.string().min(1)]),
    z.tuple([z.string().min(1), z.unknown()]),
    instance,
  ],
  { error: (issue) => roleText(issue.input) },
);

function roleText(input: unknown): string {
  if (input === undefined) return 'is undefined; is its name spelled right in the import?';
  if (typeof input === 'function') {
    const name = /^\w+$/.test(input.name) && input.name !== 'default' ? input.name : 'it';
    return name === 'it' ? 'is a function; call it' : `is a function; write ${name}() to call it`;
  }
  return 'must be a name, a list of a name and its options, or what a plugin returns';
}
