import { createRequire } from 'node:module';
import { isAbsolute, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { createJiti } from 'jiti';
import { configJiti, type Modules } from './config-jiti.ts';

/** Where a package or file named in a config was found, and how to load it. */
export interface Found {
  load(): Promise<Readonly<Record<string, unknown>>>;
}

/**
 * Finds a package, or a file when the name starts with `.` or `/`, as an `import` in that folder
 * would. Undefined when it is not there.
 */
export function findModule(name: string, folder: string, modules: Modules): Found | undefined {
  const known = modules[name];
  if (known !== undefined) return { load: async () => known };
  const isFile = name.startsWith('.') || isAbsolute(name);
  const path = isFile ? resolveFile(name, folder) : resolvePackage(name, folder);
  if (path === undefined) return undefined;
  // A user's own file may be TypeScript and sees our packages; an installed one is plain Node.
  return isFile
    ? { load: () => configJiti(folder, modules).import(path) }
    : { load: () => import(pathToFileURL(path).href) };
}

function resolveFile(name: string, folder: string): string | undefined {
  return jitiResolve(resolve(folder, name), folder);
}

/** `import.meta.resolve` takes no parent, and `require.resolve` refuses a package without "require". */
function resolvePackage(name: string, folder: string): string | undefined {
  return jitiResolve(name, folder) ?? requireResolve(name, folder);
}

function jitiResolve(name: string, folder: string): string | undefined {
  const url = createJiti(`${folder}/`, { fsCache: false }).esmResolve(name, { try: true });
  return url?.startsWith('file:') ? fileURLToPath(url) : undefined;
}

function requireResolve(name: string, folder: string): string | undefined {
  try {
    const path = createRequire(`${folder}/`).resolve(name);
    return isAbsolute(path) ? path : undefined;
  } catch {
    return undefined;
  }
}
