import { LivesysError, type Architecture, type Probe } from '@livesys/core/plugin';
import { refusePassword } from '@livesys/distro-parts';
import type { ArchOptions } from './options.ts';
import { readPacmanConf, type PacmanConf, type Repository } from './pacman-conf.ts';

const REPOSITORIES = ['core', 'extra'];

/** As Arch sets it: databases are not signed there, packages are. */
export const CHECKED = 'Required DatabaseOptional';
/** Of pacman itself, where a pacman.conf says nothing. */
const UNSAID = 'Optional TrustedOnly';

/** Where a new root is installed from. */
export interface Mirrors {
  /** All that the new root names; {@link installable} are those it is installed from. */
  readonly repositories: readonly Repository[];
  /** What `as-configured` checks, as the options of pacman.conf write it. */
  readonly signatures: string;
  /** As pacman.conf writes them, the first one the architecture of addresses. */
  readonly architectures: readonly string[];
}

/** The given mirror, or what the builder's pacman.conf names. */
export function findMirrors(
  options: ArchOptions,
  builder: Probe,
  architecture: Architecture,
): Mirrors {
  const conf = readPacmanConf(builder, options.pacmanConf);
  const server = namedServer(options);
  const repositories: readonly Repository[] =
    server === undefined
      ? choose(options, conf)
      : (options.repositories ?? REPOSITORIES).map((name) => ({ name, servers: [server] }));
  for (const { servers, cacheServers = [] } of repositories) {
    for (const address of [...servers, ...cacheServers])
      refusePassword(address, 'distro: arch({ mirror: … })');
  }
  const named = conf.architectures.map((one) => (one === 'auto' ? architecture : one));
  return {
    repositories,
    signatures: server === undefined ? conf.signatures.join(' ') || UNSAID : CHECKED,
    architectures: named.length > 0 ? [...new Set(named)] : [architecture],
  };
}

/** What pacman would refresh and install from. */
export function installable(repositories: readonly Repository[]): readonly Repository[] {
  return repositories.filter(({ usage = ['All'] }) =>
    ['Sync', 'Install'].every((use) => usage.includes(use) || usage.includes('All')),
  );
}

/** Repositories that are named are installed from whatever pacman.conf uses them for. */
function choose(options: ArchOptions, conf: PacmanConf): readonly Repository[] {
  if (conf.problems.length > 0) refuseConf(options, conf.problems);
  const found = options.repositories?.map((name): Repository => {
    const known = conf.repositories.find((one) => one.name === name) ?? unknown(name, options);
    return { ...known, usage: ['All'] };
  });
  const known = (found ?? conf.repositories).filter(({ servers }) => servers.length > 0);
  return installable(known).length > 0
    ? known
    : noMirror(`${options.pacmanConf} names no mirror`, 'archlinux');
}

function refuseConf({ pacmanConf }: ArchOptions, details: readonly string[]): never {
  throw new LivesysError('LIVESYS_CONFIG_INVALID', `pacman would not take ${pacmanConf}`, {
    details,
    hint: "Mend the file, or name a mirror: distro: arch({ mirror: 'https://mirror.example.org/archlinux' }).",
  });
}

/** The server that the options name: a mirror by its folder or in full, or a day of an archive. */
function namedServer({ mirror, release }: ArchOptions): string | undefined {
  if (mirror?.includes('$repo') === true) return mirror;
  const day = release === 'rolling' ? '' : `repos/${release.replaceAll('-', '/')}/`;
  if (mirror !== undefined) return `${mirror.replace(/\/+$/, '')}/${day}$repo/os/$arch`;
  return day === '' ? undefined : noMirror(`${release} is a day of an archive`, 'archive');
}

function noMirror(why: string, folder: string): never {
  throw new LivesysError(
    'LIVESYS_CONFIG_INVALID',
    `it is not known where Arch's packages are: ${why}`,
    {
      hint: `Name the place: distro: arch({ mirror: 'https://mirror.example.org/${folder}' }).`,
    },
  );
}

function unknown(name: string, { pacmanConf }: ArchOptions): never {
  throw new LivesysError('LIVESYS_CONFIG_INVALID', `${pacmanConf} has no repository "${name}"`, {
    hint: 'Add it there, or name a mirror that has it: distro: arch({ mirror: … }).',
  });
}

/** What a section tells beside its servers. */
export interface Told {
  /** Whether each says itself what is checked of it. */
  readonly signatures: boolean;
  /** Whether it names caches, which belong to the network that the builder is in. */
  readonly caches: boolean;
}

/** The sections of a pacman.conf for repositories. */
export function renderRepositories(repositories: readonly Repository[], told: Told): string {
  return repositories
    .map(({ name, servers, cacheServers = [], usage = ['All'], signatures = [] }) => {
      const lines = [
        ...(usage.includes('All') ? [] : [`Usage = ${usage.join(' ')}`]),
        ...(told.signatures && signatures.length > 0 ? [`SigLevel = ${signatures.join(' ')}`] : []),
        ...(told.caches ? cacheServers.map((one) => `CacheServer = ${one}`) : []),
        ...servers.map((one) => `Server = ${one}`),
      ];
      return `\n[${name}]\n${lines.map((line) => `${line}\n`).join('')}`;
    })
    .join('');
}
