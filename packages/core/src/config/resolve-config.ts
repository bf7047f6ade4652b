import { basename } from 'node:path';
import type { Builtins } from './builtins.ts';
import { checkSchema } from './check-schema.ts';
import { resolveCompression } from './compression.ts';
import type { Modules } from './config-jiti.ts';
import { formatProblems } from './layer-format.ts';
import { entriesOf, layerProblems, viewLayers } from './layer-tree.ts';
import { problemsError, type KeyPath, type Problem } from './problem.ts';
import { profileProblems, resolveProfiles } from './profiles.ts';
import { resolveLayers } from './resolve-layers.ts';
import { resolveRoles } from './resolve-roles.ts';
import { resolveUser } from './resolve-user.ts';
import type { ResolvedConfig } from './resolved.ts';

export interface ResolveOptions {
  /** The file it came from, if any. */
  readonly file: string | undefined;
  /** Relative paths count from here. */
  readonly folder: string;
  readonly builtins: Builtins;
  /** The folder whose installed packages count. Default: `folder`. */
  readonly resolveFrom?: string;
  /** Modules that a user's own files get from us. Default: none. */
  readonly modules?: Modules;
  /** What messages call the config. Default: the file's name. */
  readonly label?: string;
}

/**
 * Checks a config and makes its parts. Throws one error with every problem of keys, names and
 * plugins.
 */
export async function resolveConfig(
  raw: unknown,
  options: ResolveOptions,
): Promise<ResolvedConfig> {
  const { file, folder, builtins, modules = {}, resolveFrom = folder } = options;
  const written = withoutSchemaKey(raw);
  const checked = checkSchema(written);
  const refused = checked.kind === 'invalid' ? checked.problems : [];
  const values = checked.kind === 'valid' ? checked.config : Object.fromEntries(entriesOf(written));
  const layers = viewLayers(values['layers']);
  const { parts, problems: roles } = await resolveRoles(
    { config: values, wrong: (path) => refused.some((problem) => isAt(problem.path, path)) },
    { builtins, folder: resolveFrom, modules },
  );
  const problems = [
    ...refused,
    ...undefinedRoles(written),
    ...formatProblems(values['format'], values['compression']),
    ...layerProblems(layers),
    ...profileProblems(values['profiles'], layers),
    ...roles,
  ];
  const { source } = parts;
  if (checked.kind === 'invalid' || source === undefined || problems.length > 0) {
    const label = options.label ?? (file === undefined ? 'the config' : basename(file));
    throw problemsError(label, onePerKey(problems));
  }
  const { config } = checked;
  return {
    ...parts,
    source,
    file,
    folder,
    layers: resolveLayers(config.layers, layers, folder),
    profiles: resolveProfiles(config.profiles, layers),
    format: config.format,
    compression: resolveCompression(config.compression, config.format),
    name: config.name,
    version: config.version,
    title: config.title,
    hostname: config.hostname,
    // Who keeps the people of the source has users already.
    user: resolveUser(
      config.identity === 'keep' && !isWritten(written, 'user') ? false : config.user,
      folder,
    ),
    packages: config.packages,
    kernelArguments: config.kernelArguments,
    excludes: config.excludes,
    include: config.include,
    identity: config.identity,
    hardware: config.hardware,
    packageNames: config.packageNames,
  };
}

const isWritten = (raw: unknown, key: string): boolean =>
  entriesOf(raw).some(([name, value]) => name === key && value !== undefined);

/** Editors read `$schema` in a JSON file; it is none of our keys. */
function withoutSchemaKey(raw: unknown): unknown {
  const entries = entriesOf(raw);
  const rest = entries.filter(([key]) => key !== '$schema');
  return rest.length < entries.length ? Object.fromEntries(rest) : raw;
}

/** A misspelled import is undefined and would silently mean "the default". */
function undefinedRoles(raw: unknown): readonly Problem[] {
  const roles = ['source', 'distro', 'initramfs', 'bootloader'];
  return entriesOf(raw)
    .filter(([key, value]) => value === undefined && roles.includes(key))
    .map(([key]) => ({
      path: [key],
      text: 'is undefined; check the name in its import, or leave the key out',
    }));
}

const isAt = (path: KeyPath, start: KeyPath): boolean => start.every((key, i) => path[i] === key);

/** A key that the schema refuses is not explained a second time. */
function onePerKey(problems: readonly Problem[]): readonly Problem[] {
  const same = (a: Problem, b: Problem): boolean =>
    a.path.length === b.path.length && isAt(a.path, b.path);
  return problems.filter((one, index) => problems.findIndex((other) => same(one, other)) === index);
}
