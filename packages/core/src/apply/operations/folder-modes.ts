import { chmod, lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Folders of the file system hierarchy that are not open to read by all, or to all to write. */
const USUAL: Readonly<Record<string, number>> = { root: 0o700, tmp: 0o1777, 'var/tmp': 0o1777 };

/**
 * The modes that folders get when somebody's folder is copied over a root: what they have there,
 * else the usual one. A checkout has them from the umask of whoever made it.
 */
export async function folderModes(from: string, to: string): Promise<ReadonlyMap<string, number>> {
  const modes = new Map<string, number>();
  if (!(await lstat(from)).isDirectory()) return modes;
  const found = await readdir(from, { recursive: true, withFileTypes: true });
  const folders = found.filter((entry) => entry.isDirectory());
  const paths = folders.map((entry) => join(entry.parentPath, entry.name).slice(from.length + 1));
  for (const path of ['', ...paths]) {
    const there = await lstat(join(to, path)).catch(() => undefined);
    const mode = there?.isDirectory() === true ? there.mode & 0o7777 : (USUAL[path] ?? 0o755);
    modes.set(join(to, path), mode);
  }
  return modes;
}

/** Gives the folders their modes, now that they are there. */
export async function setModes(modes: ReadonlyMap<string, number>): Promise<void> {
  for (const [path, mode] of modes) await chmod(path, mode);
}
