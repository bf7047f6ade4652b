import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  buildRepository,
  type ArchRepository,
} from '../../support/arch-repository/build-repository.ts';
import { copyRepository } from '../../support/arch-repository/change-repository.ts';
import { type SigningKey, writeKeyring } from '../../support/arch-repository/keys.ts';
import { serve } from '../../support/arch-repository/serve.ts';
import type { Account } from './account.ts';
import { livesys, type CommandEnd } from './livesys.ts';
import { resultOf } from './results.ts';
import { run } from './run.ts';
import { seeing } from './seeing.ts';
import type { Workspace } from './workspace.ts';

/** Kept between runs, since it takes minutes to make. */
const KEPT = '/var/cache/livesys-test-arch-repository';

/** One time for all configs of a test, so that they share their source, which is newer. */
const LOOKED = '2020-01-01T00:00:00.000Z';

const PROGRAMS: Readonly<Record<string, string>> = {
  pacman: 'pacman-package-manager',
  makepkg: 'makepkg',
  bsdtar: 'libarchive-tools',
  gpg: 'gpg',
  zstd: 'zstd',
};

/** A mirror with what it takes to build from it. */
export interface ArchSystem {
  /** A copy for this test, which may change it. */
  readonly repository: ArchRepository;
  readonly cache: string;
  /** Where it is served, the folder above `<repository>/os/x86_64/`. */
  readonly address: string;
  /** Builds a config, with further arguments of the command. */
  build(config: ArchConfig, ...argv: readonly string[]): Promise<CommandEnd>;
  /** Builds a config up to a task, and gives the folder that this made. Fails with what was said. */
  make(config: ArchConfig, until: string): Promise<string>;
  /** Builds a config to its end in a folder, whose name is that of the config. Fails with what was said. */
  image(config: ArchConfig): Promise<string>;
  /** The folder that a task made, in the cache of a config that has its own. Fails unless there is just one result of it. */
  result(task: string, config?: string): Promise<string>;
  close(): void;
}

interface ArchConfig {
  /** Names the folder of the config, and so its lock. */
  readonly name: string;
  readonly options?: Readonly<Record<string, unknown>>;
  /** Who builds, in a cache of his own. Default: root. */
  readonly as?: Account;
  /** Whether it has a cache of its own. Default: no. */
  readonly apart?: boolean;
  /** Whose keyring the builder has. Default: that of the repository. */
  readonly trusting?: SigningKey;
  /** Packages by layer. */
  readonly layers?: Readonly<Record<string, readonly string[]>>;
  /** When the repositories were looked at, as ISO 8601. Default: before everything. */
  readonly looked?: string;
  /** Keys of the config in place of those that it has otherwise. */
  readonly more?: Readonly<Record<string, unknown>>;
}

/** Builds or takes the repository, and serves a copy of it. */
export async function archSystem(workspace: Workspace): Promise<ArchSystem> {
  assertPrograms();
  const repository = copyRepository(buildRepository(KEPT), workspace.make('repository'));
  const server = await serve(repository.mirror);
  const cache = workspace.make('cache');
  const cacheOf = (config: string): string => workspace.make(`cache-of-${config}`);
  const build: ArchSystem['build'] = async (
    { name, options, layers = {}, trusting, as, apart = false, looked = LOOKED, more = {} },
    ...argv
  ) => {
    const cwd = workspace.make(name, as);
    const own = apart ? cacheOf(name) : cache;
    const keyring =
      trusting === undefined ? repository.keyring : writeKeyring(trusting, join(cwd, 'keyring'));
    const config = {
      name,
      source: 'bootstrap',
      distro: ['arch', { mirror: server.address, ...options }],
      layers: Object.fromEntries(
        Object.entries(layers).map(([layer, packages]) => [layer, { packages }]),
      ),
      profiles: { only: { layers: Object.keys(layers), persistence: 'off', default: true } },
      outputs: ['iso'],
      ...more,
    };
    writeFileSync(join(cwd, 'livesys.config.json'), JSON.stringify(config));
    writeFileSync(join(cwd, 'livesys.lock.json'), JSON.stringify({ format: 1, packages: looked }));
    return livesys(['build', ...argv], {
      cwd,
      prefix: [
        ...(as?.sees ?? []),
        ...seeing({ [keyring]: '/usr/share/keyrings' }),
        ...(as?.switches ?? []),
      ],
      env: { LIVESYS_CACHE: as === undefined ? own : workspace.make('cache-of-user', as) },
      lasting: true,
    });
  };
  const succeed = async (config: ArchConfig, ...argv: readonly string[]): Promise<void> => {
    const { status, stderr } = await build(config, ...argv);
    if (status !== 0) throw new Error(`${config.name}: exit ${status}\n${stderr}`);
  };
  return {
    repository,
    cache,
    address: server.address,
    build,
    make: async (config, until) => {
      await succeed(config, '--until', until);
      return resultOf(cache, until);
    },
    image: async (config) => {
      await succeed(config);
      return workspace.make(config.name);
    },
    result: (task, config) => resultOf(config === undefined ? cache : cacheOf(config), task),
    close: () => server.close(),
  };
}

function assertPrograms(): void {
  const missing = Object.keys(PROGRAMS).filter((name) => !isInstalled(name));
  if (missing.length === 0) return;
  const packages = missing.map((name) => PROGRAMS[name]);
  throw new Error(`${missing.join(', ')} missing: apt-get install ${packages.join(' ')}`);
}

function isInstalled(program: string): boolean {
  return run('sh', '-c', 'command -v "$1" || :', 'sh', program) !== '';
}
