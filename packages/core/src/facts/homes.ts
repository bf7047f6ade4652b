import type { Probe } from '../contract/probe.ts';
import { isWithin } from '../probe/mount-table.ts';

/** Ids that distributions give to people. Source: login.defs(5). */
const PEOPLE = { first: 1000, last: 60_000 };
/** Accounts of services have one of these, whatever their number. */
const NO_HOMES =
  /^\/(?:$|bin|boot|dev|etc|lib|lib32|lib64|nonexistent|proc|run|sbin|sys|usr|var\/(?:empty|run))(?:\/|$)/;

/** What a home that is a link can lead to, and is needed all the same. */
const SYSTEM = new Set(
  ['bin', 'boot', 'dev', 'etc', 'lib', 'lib32', 'lib64', 'proc', 'run', 'sbin', 'sys', 'usr', 'var']
    .flatMap((name) => [`/${name}`, `/usr/${name}`])
    .concat('/usr/local', '/usr/share', '/var/empty', '/var/lib'),
);

/** Where folders of people lie on every system, and so are known without being found. */
const KNOWN = ['/home', '/root'];

/** Folders of people that do not lie in `/home`, sorted: where links from there end as well. */
export function foreignHomes(probe: Probe): readonly string[] {
  const homes = [...KNOWN, ...homesOfPeople(probe)].flatMap((home) => {
    const real = probe.realPath(home);
    return real === undefined ? [home] : [home, real];
  });
  const isOwn = (home: string): boolean =>
    /^\/[^/]+(\/[^/]+)*$/.test(home) && !KNOWN.some((known) => isWithin(home, known));
  return [...new Set(homes)].filter((home) => isOwn(home) && !SYSTEM.has(home)).toSorted();
}

function homesOfPeople(probe: Probe): readonly string[] {
  const lines = (probe.readText('/etc/passwd') ?? '').split('\n');
  return lines.flatMap((line) => {
    const [, , id, , , home = ''] = line.split(':');
    const isPerson = Number(id) >= PEOPLE.first && Number(id) < PEOPLE.last;
    return (isPerson || id === '0') && home.startsWith('/') && !NO_HOMES.test(home) ? [home] : [];
  });
}
