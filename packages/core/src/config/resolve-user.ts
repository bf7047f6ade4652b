import { resolve } from 'node:path';
import type { LiveUser } from '../contract/roles.ts';
import { secret } from '../contract/secret.ts';
import { isRef } from '../contract/values.ts';
import type { ParsedConfig } from './schema.ts';

/** The live user, with a password from elsewhere turned into a secret. */
export function resolveUser(user: ParsedConfig['user'], folder: string): LiveUser | undefined {
  return user === false ? undefined : { ...user, password: password(user.password, folder) };
}

type Account = Exclude<ParsedConfig['user'], false>;

function password(written: Account['password'], folder: string): LiveUser['password'] {
  if (written === 'none') return written;
  if (isRef(written)) return { secret: written };
  if ('text' in written) return written;
  if ('file' in written) return { secret: secret({ file: resolve(folder, written.file) }) };
  return { secret: secret(written) };
}
