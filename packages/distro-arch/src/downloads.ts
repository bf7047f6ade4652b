import { createHash } from 'node:crypto';
import type { DownloadCache, Facts } from '@livesys/core/plugin';
import type { Mirrors } from './mirrors.ts';

/**
 * Downloaded packages of one set of repositories and mirrors. Derivatives, and people, build packages
 * of the same name and version anew, so no two sets share a cache. Its name tells the first mirror.
 */
export function bootstrapCache(
  { repositories, architectures }: Mirrors,
  at: string,
): DownloadCache {
  const places = repositories.map(({ name, servers }) => [name, ...servers]);
  const set = createHash('sha256')
    .update(JSON.stringify([architectures, places]))
    .digest('hex')
    .slice(0, 12);
  const server = repositories[0]?.servers[0] ?? '';
  const host = server.replace(/^\w+:\/+/, '').replace(/\/.*/, '');
  return { name: `arch-${word(host)}-${set}-packages`, at };
}

/**
 * The cache of an installation. Which mirrors a root has is known only to its own pacman: our script
 * keeps a folder in it for each set of repositories. What the mirrors have is asked anew every time,
 * since one that lags behind says that nothing is newer than what another one said before.
 */
export function downloads(facts: Facts): readonly DownloadCache[] {
  return [{ name: `arch-${word(facts.osRelease.id)}-packages`, at: '/var/cache/pacman/pkg' }];
}

function word(text: string): string {
  return text.replace(/[^A-Za-z0-9-]+/g, '-').replace(/^-|-$/g, '') || 'local';
}
