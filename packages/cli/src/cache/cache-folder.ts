import { join } from 'node:path';

/** Where results are kept: LIVESYS_CACHE, root's own place, or the cache of this user. */
export function cacheFolder(
  env: Readonly<Record<string, string | undefined>>,
  user: { readonly uid: number; readonly home: string },
): string {
  if (env['LIVESYS_CACHE']) return env['LIVESYS_CACHE'];
  if (user.uid === 0) return '/var/cache/livesys';
  const xdg = env['XDG_CACHE_HOME'];
  // The XDG specification: a relative path is to be ignored.
  return join(xdg?.startsWith('/') === true ? xdg : join(user.home, '.cache'), 'livesys');
}
