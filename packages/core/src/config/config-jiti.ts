import { createJiti, type Jiti } from 'jiti';
import { didYouMean } from './nearest.ts';

/** Modules by the name a config imports them with, handed in so that both sides share one instance. */
export type Modules = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** A config or a user's own file imports something that a module does not have. */
export class MissingExport extends Error {}

/**
 * Loads TypeScript and JavaScript as of now: no cache on disk, since that needs a writable folder,
 * and none in memory, so that a changed file is seen.
 */
export function configJiti(folder: string, modules: Modules): Jiti {
  return createJiti(`${folder}/`, {
    fsCache: false,
    moduleCache: false,
    interopDefault: false,
    virtualModules: Object.fromEntries(
      Object.entries(modules).map(([name, module]) => [name, guarded(name, module)]),
    ),
  });
}

/** jiti gives `undefined` for an import that is not there; this says so where it is used. */
function guarded(name: string, module: Readonly<Record<string, unknown>>): object {
  return new Proxy(
    { ...module },
    {
      get(target, key) {
        if (key === '__esModule') return true;
        if (typeof key === 'symbol' || key === 'then' || key in target)
          return Reflect.get(target, key);
        const near = didYouMean(key, Object.keys(target));
        throw new MissingExport(
          key === 'default'
            ? `"${name}" has no default export; import names with braces`
            : `"${name}" exports no "${key}"${near}`,
        );
      },
    },
  );
}
