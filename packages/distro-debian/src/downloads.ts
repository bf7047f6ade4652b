import type { DownloadCache, Facts } from '@livesys/core/plugin';

/** Downloaded packages, shared by bootstrap and installations of the same release. */
export function archivesCache(release: string, at = '/var/cache/apt/archives'): DownloadCache {
  return { name: `debian-${word(release)}-archives`, at };
}

/** Lists of what the mirrors have, checked for news on every use. */
function listsCache(release: string): DownloadCache {
  return { name: `debian-${word(release)}-lists`, at: '/var/lib/apt/lists' };
}

/** The caches of an installation. */
export function downloads(facts: Facts): readonly DownloadCache[] {
  const name = facts.osRelease.id === 'debian' ? '' : `${facts.osRelease.id}-`;
  const release = `${name}${facts.distro.release}`;
  return [archivesCache(release), listsCache(release)];
}

function word(release: string): string {
  return release.replace(/[^A-Za-z0-9-]/g, '-') || 'rolling';
}
