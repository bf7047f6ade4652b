import { describeIssue } from './describe-issue.ts';
import type { Problem } from './problem.ts';
import { configSchema, type ParsedConfig } from './schema.ts';

/** A config that keeps to the schema, defaults filled in, or what is wrong with it. */
export type Checked =
  | { readonly kind: 'valid'; readonly config: ParsedConfig }
  | { readonly kind: 'invalid'; readonly problems: readonly Problem[] };

export function checkSchema(raw: unknown): Checked {
  const result = configSchema.safeParse(raw, { reportInput: true });
  if (result.success) return { kind: 'valid', config: result.data };
  return {
    kind: 'invalid',
    problems: result.error.issues.flatMap((issue) => describeIssue(issue)),
  };
}
