import type { Probe } from '../contract/probe.ts';

/** Ids that distributions give to people. Source: login.defs(5). */
const PEOPLE = { first: 1000, last: 60_000 };
/** Accounts of services have one of these, whatever their number. */
const NO_HOMES =
  /^\/(?:$|bin|boot|dev|etc|lib|lib32|lib64|nonexistent|proc|run|sbin|sys|usr|var\/(?:empty|run))(?:\/|$)/;

/** Folders of people that do not lie in `/home`, sorted. */
export function foreignHomes(probe: Probe): readonly string[] {
  const lines = (probe.readText('/etc/passwd') ?? '').split('\n');
  const homes = lines.flatMap((line) => {
    const [, , id, , , home = ''] = line.split(':');
    const isPerson = Number(id) >= PEOPLE.first && Number(id) < PEOPLE.last;
    const isRoot = id === '0' && home !== '/root';
    const isOwn = /^\/[^/]+(\/[^/]+)*$/.test(home) && !home.startsWith('/home/');
    return (isPerson || isRoot) && isOwn && !NO_HOMES.test(home) ? [home] : [];
  });
  return [...new Set(homes)].sort();
}
