import { access, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

/** Endings in the order in which they are looked for. */
export const CONFIG_ENDINGS = ['.ts', '.mts', '.js', '.mjs', '.json', '.yaml', '.yml'] as const;
export const CONFIG_NAMES = CONFIG_ENDINGS.map((ending) => `livesys.config${ending}`);

/** The nearest config, from the working directory upwards, or undefined. */
export async function findConfigFile(cwd: string, home?: string): Promise<string | undefined> {
  for (const folder of await foldersUpwards(resolve(cwd), home)) {
    for (const name of CONFIG_NAMES) {
      const file = join(folder, name);
      if (await isFile(file)) return file;
    }
  }
  return undefined;
}

/**
 * The working directory and those above it, up to the repository root or `$HOME`. Where neither is
 * above, only the working directory: a config runs code, and `/tmp` or `/srv` belong to others too.
 */
async function foldersUpwards(cwd: string, home?: string): Promise<readonly string[]> {
  const folders: string[] = [];
  for (let folder = cwd; ; folder = dirname(folder)) {
    folders.push(folder);
    if (folder === home || (await exists(join(folder, '.git')))) return folders;
    if (folder === dirname(folder)) return [cwd];
  }
}

const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isFile(),
    () => false,
  );

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
