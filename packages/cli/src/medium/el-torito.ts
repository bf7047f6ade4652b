import type { Bytes } from '../disk/bytes.ts';

const SECTOR = 2048;
const PLATFORMS: Readonly<Record<number, 'bios' | 'uefi'>> = { 0x00: 'bios', 0xef: 'uefi' };

/** Which firmware can start this disc, from its El Torito boot catalog. */
export async function bootableBy(file: Bytes): Promise<('bios' | 'uefi')[]> {
  const record = await file.read(17 * SECTOR, SECTOR).catch(() => undefined);
  if (record?.subarray(7, 30).toString('latin1') !== 'EL TORITO SPECIFICATION') return [];
  const catalog = await file.read(record.readUInt32LE(0x47) * SECTOR, SECTOR);
  const found = new Set<'bios' | 'uefi'>();
  // The first entry says for which platform the second, the default one, is.
  addPlatform(found, catalog[1], catalog[32]);
  let platform: number | undefined;
  for (let offset = 64; offset + 32 <= catalog.length; offset += 32) {
    const kind = catalog[offset];
    if (kind === 0x90 || kind === 0x91) platform = catalog[offset + 1];
    else if (kind === 0) break;
    else addPlatform(found, platform, kind);
  }
  return [...found].toSorted();
}

function addPlatform(found: Set<'bios' | 'uefi'>, platform: number | undefined, kind?: number) {
  const name = platform === undefined ? undefined : PLATFORMS[platform];
  if (name !== undefined && kind === 0x88) found.add(name);
}
