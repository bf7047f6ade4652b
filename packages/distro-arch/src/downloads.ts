import type { DownloadCache, Facts } from '@livesys/core/plugin';
import { BUILD_FOLDER } from './build-environment.ts';
import type { Mirrors } from './mirrors.ts';

/**
 * Downloaded packages of one mirror. Derivatives build packages of the same name and version anew,
 * so no two distributions share a cache.
 */
export function bootstrapCache({ repositories }: Mirrors, at: string): DownloadCache {
  const server = repositories[0]?.servers[0] ?? '';
  return { name: `arch-${word(server.replace(/^\w+:\/+/, '').replace(/\/.*/, ''))}-packages`, at };
}

/** The caches of an installation: packages, and what the mirrors had when they were last asked. */
export function downloads(facts: Facts): readonly DownloadCache[] {
  const id = word(facts.osRelease.id);
  return [
    { name: `arch-${id}-packages`, at: '/var/cache/pacman/pkg' },
    { name: `arch-${id}-databases`, at: `${BUILD_FOLDER}/sync` },
  ];
}

function word(text: string): string {
  return text.replace(/[^A-Za-z0-9-]+/g, '-').replace(/^-|-$/g, '') || 'local';
}
