import { dirname } from 'node:path';
import { cosmiconfig, type Loader, type PublicExplorer } from 'cosmiconfig';
import { configJiti, type Modules } from './config-jiti.ts';
import { CONFIG_ENDINGS, CONFIG_NAMES } from './find-config.ts';

/** The file has no default export. */
export class NoDefaultExport extends Error {}

/**
 * Loads config files. cosmiconfig's own TypeScript loader accepts syntax errors silently and needs a
 * writable folder, so code goes through jiti.
 */
export function configExplorer(modules: Modules): PublicExplorer {
  const code: Loader = async (file) => {
    const module = await configJiti(dirname(file), modules).import<object>(file).catch(asError);
    if (!('default' in module)) throw new NoDefaultExport('it has no default export');
    return module.default;
  };
  const isCode = (ending: string): boolean => ending.endsWith('s');
  const loaders = Object.fromEntries(CONFIG_ENDINGS.filter(isCode).map((ending) => [ending, code]));
  return atRoot(() =>
    cosmiconfig('livesys', {
      cache: false,
      searchPlaces: [...CONFIG_NAMES],
      searchStrategy: 'none',
      loaders: { ...loaders, '.cjs': refuse, '.cts': refuse },
    }),
  );
}

/**
 * While it is constructed, cosmiconfig 9 executes `.config/config.*` of the process's working
 * directory, whoever put it there.
 */
function atRoot<T>(construct: () => T): T {
  const before = process.cwd();
  process.chdir('/');
  try {
    return construct();
  } finally {
    process.chdir(before);
  }
}

/** cosmiconfig writes a property into what is thrown, which fails for anything but an object. */
function asError(thrown: unknown): never {
  throw thrown instanceof Error ? thrown : new Error('it throws something that is no Error');
}

const refuse: Loader = () => {
  throw new Error(`a config is one of ${CONFIG_ENDINGS.join(', ')}`);
};
