import { statfs } from 'node:fs/promises';

/** Bytes that are free for a file system's users. */
export async function freeBytes(path: string): Promise<number> {
  const { bavail, bsize } = await statfs(path);
  return bavail * bsize;
}
