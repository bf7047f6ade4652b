import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';

import { fileBytes } from '../../../packages/cli/src/disk/bytes.ts';
import { type IsoEntry, Iso9660 } from '../../../packages/cli/src/medium/iso9660.ts';

/** Every file of an ISO with its hash, to say in which of them two images differ. */
export async function hashFiles(path: string): Promise<Record<string, string>> {
  const file = await open(path, 'r');
  try {
    const iso = await Iso9660.open(fileBytes(file));
    const hashes: Record<string, string> = {};
    const walk = async (folder: IsoEntry, at: string): Promise<void> => {
      for (const entry of await iso.list(folder)) {
        const name = `${at}/${entry.name}`;
        if (entry.directory) await walk(entry, name);
        else hashes[name] = await hashEntry(iso, entry);
      }
    };
    const root = await iso.find('/');
    if (root) await walk(root, '');
    return hashes;
  } finally {
    await file.close();
  }
}

async function hashEntry(iso: Iso9660, entry: IsoEntry): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of iso.read(entry)) hash.update(chunk);
  return hash.digest('hex');
}
