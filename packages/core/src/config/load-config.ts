import { dirname, resolve } from 'node:path';
import { LivesysError } from '../errors/livesys-error.ts';
import type { Builtins } from './builtins.ts';
import type { Modules } from './config-jiti.ts';
import { CONFIG_NAMES, findConfigFile } from './find-config.ts';
import { displayPath, loadFile } from './load-file.ts';
import { resolveConfig } from './resolve-config.ts';
import type { ResolvedConfig } from './resolved.ts';

export interface LoadOptions {
  /** Where the search starts; a relative `file` counts from here. */
  readonly cwd: string;
  /** As given with `--config`. Default: the nearest config. */
  readonly file?: string;
  /** Where the search ends at the latest, besides the root of the repository. */
  readonly home?: string;
  readonly builtins: Builtins;
  /** What a config gets for `import … from 'livesys'` and our other packages. */
  readonly modules: Modules;
}

/**
 * Finds, loads and checks the config. Throws `LIVESYS_CONFIG_NOT_FOUND`, `LIVESYS_CONFIG_UNREADABLE`,
 * `LIVESYS_CONFIG_INVALID`, `LIVESYS_PLUGIN_NOT_FOUND` or `LIVESYS_PLUGIN_INCOMPATIBLE`.
 */
export async function loadConfig(options: LoadOptions): Promise<ResolvedConfig> {
  const { cwd, home, builtins, modules } = options;
  const file =
    options.file === undefined ? await findConfigFile(cwd, home) : resolve(cwd, options.file);
  if (file === undefined) {
    throw new LivesysError(
      'LIVESYS_CONFIG_NOT_FOUND',
      `there is no ${CONFIG_NAMES[0]} here, nor with another ending (${endings()}), nor above`,
    );
  }
  const raw = await loadFile(file, cwd, modules);
  return resolveConfig(raw, {
    file,
    folder: dirname(file),
    builtins,
    modules,
    label: displayPath(file, cwd),
  });
}

const endings = (): string =>
  CONFIG_NAMES.slice(1)
    .map((name) => name.replace('livesys.config', ''))
    .join(', ');
