import { isLivesysError } from '../errors/livesys-error.ts';
import { checkInstance, isPackageName } from './check-instance.ts';
import type { Builtins, Factory } from './builtins.ts';
import type { Modules } from './config-jiti.ts';
import { findModule } from './import-package.ts';
import { failureText } from './load-failure.ts';
import { didYouMean, nearest } from './nearest.ts';
import type { KeyPath, Problem } from './problem.ts';
import { ROLES, type Role } from './role.ts';

/** What names are looked up in. */
export interface Lookup {
  readonly builtins: Builtins;
  /** The folder whose installed packages count. */
  readonly folder: string;
  readonly modules: Modules;
}

/** An instance, or the reason why there is none. */
export type Resolution<T> = { readonly instance: T } | { readonly problem: Problem };

/** Turns `'grub'`, `['grub', options]` or an instance into an instance that fits its role. */
export async function resolveRole<T>(
  spec: unknown,
  role: Role,
  path: KeyPath,
  lookup: Lookup,
): Promise<Resolution<T>> {
  const made = await makeInstance(spec, role, lookup);
  if ('text' in made) return { problem: { path, ...made } };
  const wrong = checkInstance(made.value, role);
  return wrong ? { problem: { path, ...wrong } } : { instance: made.value as T };
}

type Made = { readonly value: unknown } | Omit<Problem, 'path'>;

async function makeInstance(spec: unknown, role: Role, lookup: Lookup): Promise<Made> {
  if (typeof spec === 'string') return byName(spec, [], role, lookup);
  if (Array.isArray(spec)) return byName(String(spec[0]), spec.slice(1), role, lookup);
  return { value: spec };
}

async function byName(
  name: string,
  options: readonly unknown[],
  role: Role,
  lookup: Lookup,
): Promise<Made> {
  const builtins = lookup.builtins[ROLES[role].builtins];
  if (Object.hasOwn(builtins, name)) return call(builtins[name], name, options);
  const found = findModule(name, lookup.folder, lookup.modules);
  if (!found) return notFound(name, role, Object.keys(builtins));
  try {
    const module = await found.load();
    return await call(module['default'], name, options);
  } catch (error) {
    return { text: `${name} cannot be loaded: ${failureText(error)}` };
  }
}

async function call(factory: unknown, name: string, options: readonly unknown[]): Promise<Made> {
  if (typeof factory !== 'function') {
    return { text: `${name} has no default export that makes a plugin` };
  }
  try {
    // Named parts take whatever options they document; they check them themselves.
    return { value: await (factory as Factory<unknown>)(...(options as [never])) };
  } catch (error) {
    return { text: `${name} refuses its options: ${whyRefused(error)}` };
  }
}

/** Everything that is wrong with them, where that is told. */
function whyRefused(error: unknown): string {
  if (!isLivesysError(error) || error.details.length === 0) return failureText(error);
  return error.details.map((line) => line.replace(/\s{2,}/, ' ')).join('; ');
}

function notFound(name: string, role: Role, builtins: readonly string[]): Omit<Problem, 'path'> {
  const { noun } = ROLES[role];
  if (name.startsWith('.') || name.startsWith('/')) {
    const folder = role === 'source' ? `; for a folder write ["directory", "${name}"]` : '';
    return { text: `there is no file "${name}"${folder}`, kind: 'plugin-missing' };
  }
  const near = nearest(name, builtins);
  if (near !== undefined) {
    return { text: `there is no ${noun} "${name}"${didYouMean(name, builtins)}`, kind: 'config' };
  }
  const install = isPackageName(name)
    ? `${name} is not installed: npm install ${name}`
    : `there is no ${noun} "${name}"`;
  const known = builtins.length > 0 ? ` (built in: ${builtins.join(', ')})` : '';
  return { text: `${install}${known}`, kind: 'plugin-missing' };
}
