import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { Scan } from '../plan/keys.ts';
import type { Entry } from './walk.ts';

/** What the files of a tree take, holes and further names of a file not counted. */
export interface Sizes {
  /** Bytes of the files. */
  readonly bytes: number;
  /** Bytes of those among them that are compressed already, as their names say. */
  readonly dense: number;
  readonly files: number;
  /** Bytes of the files of each mount. */
  readonly mounts: ReadonlyMap<string, number>;
}

/** Names of files that no compressor makes smaller. */
const DENSE =
  /\.(?:7z|aac|avi|avif|br|bz2|deb|docx|flac|flatpak|gif|gz|heic|iso|jar|jpe?g|lz4|m4a|m4v|mkv|mov|mp3|mp4|mpe?g|odt|ogg|opus|png|qcow2|rar|rpm|snap|squashfs|tgz|txz|webm|webp|whl|woff2|xlsx|xz|zip|zst)$/i;

/**
 * File systems whose blocks say less than what is read: EROFS and ZFS compress, and what a program
 * shows may have no blocks at all. Source: their headers in Linux and OpenZFS.
 */
const UNTOLD: ReadonlySet<number> = new Set([0xe0_f5_e1_e2, 0x2f_c1_2f_c1, 0x65_73_55_46]);

/** Finds the mounts in which the blocks of a file say nothing about its holes. A folder is one: `/`. */
export async function withoutBlocks({
  path,
  mounts = ['/'],
}: Pick<Scan, 'path' | 'mounts'>): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (const mount of mounts) {
    const type = (await statfs(join(path, mount)).catch(() => undefined))?.type;
    if (type !== undefined && UNTOLD.has(type)) found.add(mount);
  }
  return found;
}

/** Adds up the sizes of entries. */
export class TreeSizes implements Sizes {
  readonly #untold: ReadonlySet<string>;
  readonly #links = new Set<string>();
  readonly mounts = new Map<string, number>();
  bytes = 0;
  dense = 0;
  files = 0;

  /** `untold`: mounts that {@link withoutBlocks} has found. */
  constructor(untold: ReadonlySet<string>) {
    this.#untold = untold;
  }

  add({ path, type, size, stored, link }: Entry, mount: string): void {
    this.files += 1;
    if (type !== 'f' || this.#isKnown(link)) return;
    const bytes = this.#untold.has(mount) ? size : Math.min(size, stored);
    this.bytes += bytes;
    if (DENSE.test(path)) this.dense += bytes;
    this.mounts.set(mount, (this.mounts.get(mount) ?? 0) + bytes);
  }

  #isKnown(link: string | undefined): boolean {
    if (link === undefined) return false;
    const before = this.#links.size;
    return this.#links.add(link).size === before;
  }
}
