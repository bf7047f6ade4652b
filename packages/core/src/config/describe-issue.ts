import type { z } from 'zod';
import type { KeyPath, Problem } from './problem.ts';

type Issue = z.core.$ZodIssue;

/** The problems behind one issue of the schema, in the words of a person. */
export function describeIssue(issue: Issue, parent: KeyPath = []): readonly Problem[] {
  const path = [...parent, ...issue.path];
  switch (issue.code) {
    case 'unrecognized_keys': {
      const texts = issue.message.split('\n');
      return issue.keys.map((key, index) => ({ path: [...path, key], text: texts[index] ?? '' }));
    }
    case 'invalid_type':
      return [{ path, text: typeText(issue.expected, issue.input) }];
    case 'invalid_value':
      return [{ path, text: valueText(issue) }];
    case 'invalid_union':
      return unionProblems(issue, path);
    case 'invalid_key':
      return [{ path, text: issue.issues[0]?.message ?? issue.message }];
    default:
      return [{ path, text: issue.message }];
  }
}

/** The problems of the option that was meant: the only one whose outer form fits. */
function unionProblems(issue: z.core.$ZodIssueInvalidUnion, path: KeyPath): readonly Problem[] {
  const meant = issue.errors.filter((issues) => issues.every(isInner));
  const [only] = meant;
  return meant.length === 1 && only !== undefined
    ? only.flatMap((inner) => describeIssue(inner, path))
    : [{ path, text: issue.message }];
}

const isInner = (issue: Issue): boolean =>
  issue.path.length > 0 || issue.code === 'unrecognized_keys';

function valueText(issue: z.core.$ZodIssueInvalidValue): string {
  if (!issue.message.startsWith('Invalid ')) return issue.message;
  const { input } = issue;
  const values = issue.values.map(String);
  if (input === undefined) return `is missing; it is one of ${values.join(', ')}`;
  return typeof input === 'string' || typeof input === 'number' || typeof input === 'boolean'
    ? `${JSON.stringify(input)} is not one of ${values.join(', ')}`
    : `must be one of ${values.join(', ')}`;
}

const NOUNS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  tuple: 'a list',
};

function typeText(expected: string, input: unknown): string {
  const noun = NOUNS[expected] ?? `a ${expected}`;
  return input === undefined
    ? `is missing; it must be ${noun}`
    : `must be ${noun}, not ${kindOf(input)}`;
}

function kindOf(input: unknown): string {
  if (input === null) return 'null';
  if (Array.isArray(input)) return 'a list';
  if (typeof input === 'function') return 'a function';
  return NOUNS[typeof input] ?? `a ${typeof input}`;
}
