import { join, resolve } from 'node:path';

import type { Context } from '../terminal/context.ts';

/** Where results are kept: LIVESYS_CACHE, root's own place, or the cache of this user. */
export function cacheFolder({ env, user, cwd }: Pick<Context, 'env' | 'user' | 'cwd'>): string {
  if (env['LIVESYS_CACHE']) return resolve(cwd, env['LIVESYS_CACHE']);
  if (user.uid === 0) return '/var/cache/livesys';
  const xdg = env['XDG_CACHE_HOME'];
  // The XDG specification: a relative path is to be ignored.
  return join(xdg?.startsWith('/') === true ? xdg : join(user.home, '.cache'), 'livesys');
}
