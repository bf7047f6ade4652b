import { LivesysError, withoutUser, type Architecture, type Probe } from '@livesys/core/plugin';
import type { ArchOptions } from './options.ts';
import { readPacmanConf, type Repository } from './pacman-conf.ts';

const REPOSITORIES = ['core', 'extra'];

/** Where a new root is installed from. */
export interface Mirrors {
  readonly repositories: readonly Repository[];
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
  const architectures = conf.architectures.length > 0 ? conf.architectures : [architecture];
  const repositories = choose(options, conf.repositories);
  for (const { servers } of repositories) servers.forEach(refusePassword);
  return { repositories, architectures };
}

function choose(options: ArchOptions, configured: readonly Repository[]): readonly Repository[] {
  const server = namedServer(options);
  if (server !== undefined)
    return (options.repositories ?? REPOSITORIES).map((name) => ({ name, servers: [server] }));
  const found = options.repositories?.map(
    (name) => configured.find((one) => one.name === name) ?? unknown(name, options),
  );
  const known = (found ?? configured).filter(({ servers }) => servers.length > 0);
  return known.length > 0 ? known : noMirror(`${options.pacmanConf} names no mirror`, 'archlinux');
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

/** A plan is shown and stored, and the line stays in the image: no password may be in it. */
function refusePassword(server: string): void {
  const shown = withoutUser(server);
  if (shown === undefined) return;
  throw new LivesysError(
    'LIVESYS_CONFIG_INVALID',
    `the mirror ${shown} holds a user name or password, which would be readable in the plan and in the image`,
    { hint: 'Use a mirror or proxy that needs none: distro: arch({ mirror: … }).' },
  );
}

/** The sections of a pacman.conf for repositories. */
export function renderRepositories(repositories: readonly Repository[]): string {
  return repositories
    .map(
      ({ name, servers }) => `\n[${name}]\n${servers.map((one) => `Server = ${one}\n`).join('')}`,
    )
    .join('');
}
