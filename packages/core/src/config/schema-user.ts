import { z } from 'zod';
import { isRef, type Ref } from '../contract/values.ts';
import { CODE_ONLY } from './schema-role.ts';
import { strict, textLike, type ShapeOf } from './schema-parts.ts';
import type { UserAccount } from './user-config.ts';

/** No message about a password repeats what was written. */
const password = z.union(
  [
    z.literal('none'),
    strict({ text: textLike(/^[^\p{Cc}]+$/u, 'one line of text; write "none" for no password') }),
    strict({ env: z.string().min(1, { error: 'must name a variable' }) }),
    strict({ file: z.string().min(1, { error: 'must be a path' }) }),
    strict({ prompt: z.string().min(1, { error: 'must be a question' }) }),
    z.custom<Ref>(isRef).meta({ [CODE_ONLY]: true }),
  ],
  { error: 'must be "none", { text }, { env }, { file }, { prompt } or secret(…)' },
);

const account = strict({
  name: textLike(/^(?!root$)[a-z_][a-z0-9_-]{0,31}$/, 'a login name of small letters, and not root')
    .default('live')
    .describe('The login name.'),
  password: password
    .default('none')
    .describe('"none" locks it; { env }, { file } and { prompt } say where to read one from.'),
  autologin: z
    .boolean()
    .default(true)
    .describe('Logs in by itself on the console, and in the greeter of a desktop.'),
  sudo: z.boolean().default(true).describe('May become root without a password.'),
} satisfies ShapeOf<UserAccount>);

export const user = z
  .union([z.literal(false), account], { error: 'must be false or an object' })
  .default({ name: 'live', password: 'none', autologin: true, sudo: true })
  .describe('The user of the live system; false for none.');
