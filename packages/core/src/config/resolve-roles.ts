import type {
  Bootloader,
  DistroAdapter,
  InitramfsBuilder,
  OutputFormat,
  Plugin,
  Source,
} from '../contract/roles.ts';
import type { KeyPath, Problem } from './problem.ts';
import { resolveRole, type Lookup } from './resolve-role.ts';
import type { Role } from './role.ts';

/** The parts of a build. Left out are those that could not be resolved, and those not named. */
export interface Parts {
  readonly source: Source | undefined;
  readonly distro: DistroAdapter | undefined;
  readonly initramfs: InitramfsBuilder | undefined;
  readonly bootloader: Bootloader | undefined;
  readonly outputs: readonly OutputFormat[];
  readonly plugins: readonly Plugin[];
}

/** The keys that hold parts; `wrong` tells which entries the schema refused already. */
export interface RoleSpecs {
  readonly config: Readonly<Record<string, unknown>>;
  readonly wrong: (path: KeyPath) => boolean;
}

/** Resolves every part that is named, and reports the problems of all of them. */
export async function resolveRoles(
  { config, wrong }: RoleSpecs,
  lookup: Lookup,
): Promise<{ readonly parts: Parts; readonly problems: readonly Problem[] }> {
  const problems: Problem[] = [];

  async function one<T>(spec: unknown, role: Role, path: KeyPath): Promise<T | undefined> {
    if (spec === undefined || wrong(path)) return undefined;
    const result = await resolveRole<T>(spec, role, path, lookup);
    if ('instance' in result) return result.instance;
    problems.push(result.problem);
    return undefined;
  }

  async function all<T>(key: string, role: Role): Promise<readonly T[]> {
    const specs: unknown = config[key];
    const found: T[] = [];
    for (const [index, spec] of Array.isArray(specs) ? specs.entries() : []) {
      const instance = await one<T>(spec, role, [key, index]);
      if (instance !== undefined) found.push(instance);
    }
    return found;
  }

  const parts: Parts = {
    source: await one<Source>(config['source'], 'source', ['source']),
    distro: await one<DistroAdapter>(config['distro'], 'distro', ['distro']),
    initramfs: await one<InitramfsBuilder>(config['initramfs'], 'initramfs', ['initramfs']),
    bootloader: await one<Bootloader>(config['bootloader'], 'bootloader', ['bootloader']),
    outputs: await all<OutputFormat>('outputs', 'output'),
    plugins: await all<Plugin>('plugins', 'plugin'),
  };
  return { parts, problems };
}
