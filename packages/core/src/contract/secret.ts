import { makeRef, type Ref } from './values.ts';

/** Where a secret is read from, while applying. */
export type SecretSource =
  | { readonly env: string }
  | { readonly file: string }
  | { readonly prompt: string };

/**
 * A password or key. It never appears in a plan, a cache key, a log, an argument or a rendering;
 * it reaches tools through their standard input (`ops.exec(argv, { stdin: … })`).
 */
export function secret(source: SecretSource): Ref {
  const [kind, value] = Object.entries(source)[0] as [string, string];
  return makeRef({ kind: 'secret', name: `${kind}:${value}` });
}
