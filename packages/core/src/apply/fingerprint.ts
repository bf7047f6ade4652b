import { createHash, hash } from 'node:crypto';
import { LivesysError } from '../errors/livesys-error.ts';
import { NOTHING, type Scan } from '../plan/keys.ts';
import { Matcher, type Place } from '../rules/matcher.ts';
import type { LeftOutNotes } from './left-out.ts';
import { isNamespaceComplaint, noNamespaces } from './sandbox.ts';
import { seeingScan } from './seeing-mounts.ts';
import { TreeSizes, withoutBlocks, type Sizes } from './tree-sizes.ts';
import { walk, type Entry } from './walk.ts';

/** What one look at a folder gives. */
export interface Fingerprint {
  readonly sha256: string;
  readonly sizes: Sizes;
  /** The first path of an owner or group that a user namespace does not know. */
  readonly foreign: string | undefined;
}

/** In a user namespace, files of owners outside its range are seen as owned by nobody. */
const UNMAPPED = '65534';

export interface FingerprintOptions {
  readonly rootless: boolean;
  /** Notes what does not belong to the folder. */
  readonly leftOut?: LeftOutNotes | undefined;
}

/**
 * Names the state of a folder: type, mode, owner, size, times, inode and link target of everything
 * that belongs to it. Throws LIVESYS_SOURCE_UNREADABLE when something in it cannot be read. Without
 * root it looks from the user namespace in which the build runs, so that owners are the same in both.
 */
export async function fingerprint(scan: Scan, options: FingerprintOptions): Promise<Fingerprint> {
  const { paths, leaveOut } = scan;
  const seen = new Sum(scan, await withoutBlocks(scan));
  const { root, prefix } = seeingScan(scan, options);
  const result = await walk({
    ...{ root, leaveOut, prefix },
    ...(paths === undefined ? {} : { starts: paths }),
    onEntry(entry, depth) {
      options.leftOut?.add(entry);
      seen.add(entry, depth);
    },
  });
  if (result.failed) throw unreadable(scan, result.stderr);
  return seen.end();
}

function unreadable(scan: Scan, stderr: string): LivesysError {
  const lines = stderr.split('\n').filter(Boolean);
  if (lines.some(isNamespaceComplaint)) return noNamespaces(lines);
  return new LivesysError(
    'LIVESYS_SOURCE_UNREADABLE',
    `${lines.length === 1 ? '1 path' : `${lines.length} paths`} in ${scan.path} cannot be read.`,
    { details: lines.slice(0, 10) },
  );
}

/** A folder above the current entry. */
interface Open {
  readonly mount: string;
  /** Where its entries stand among what changes all the time; undefined where all of them do. */
  readonly volatile: Place | undefined;
}

/**
 * Adds up the hashes of all entries. Folders change their order of entries without changing; adding
 * costs no memory. The times of a folder do not count: they tell that something came or went in it,
 * which its entries tell themselves, and change with what is left out, too.
 */
class Sum {
  readonly #scan: Scan;
  readonly #volatile: Matcher;
  readonly #mountPoints: ReadonlySet<string>;
  readonly #digest = Buffer.alloc(32);
  readonly #sum = new BigUint64Array(4);
  readonly #sizes: TreeSizes;
  #open: Open[] = [];
  /** How many folders lie above the place where the walk began. */
  #above = 0;
  #foreign: string | undefined;

  constructor(scan: Scan, untold: ReadonlySet<string>) {
    this.#scan = scan;
    this.#sizes = new TreeSizes(untold);
    this.#volatile = new Matcher({ ...NOTHING, excludes: scan.volatile });
    this.#mountPoints = new Set(scan.mounts);
  }

  /** `depth`: how many folders lead to the entry, itself one. */
  add(entry: Entry, depth: number): void {
    const isFolder = entry.type === 'd';
    const above = depth - (isFolder ? 1 : 0);
    if (entry.isStart) this.#above = above;
    this.#open.length = above - this.#above;
    if (entry.verdict === 'out') return;
    const parent = this.#open.at(-1);
    const volatile = this.#volatilePlace(entry, parent);
    if (volatile !== undefined)
      this.#hash(isFolder ? Buffer.from(entry.lasting, 'latin1') : entry.record);
    if (isFolder) {
      const mount = this.#mountPoints.has(entry.path) ? entry.path : (parent?.mount ?? '/');
      this.#open.push({ mount, volatile });
    }
    this.#count(entry);
  }

  end(): Fingerprint {
    const sum = new Uint8Array(this.#sum.buffer);
    const digest = createHash('sha256').update(sum);
    // What they lose is seen in no entry.
    for (const path of this.#scan.leaveOut.passwords ?? []) digest.update(`${path}\n`);
    return {
      ...{ sha256: digest.digest('hex'), sizes: this.#sizes, foreign: this.#foreign },
    };
  }

  /** Undefined for what changes all the time. */
  #volatilePlace({ path, type }: Entry, parent: Open | undefined): Place | undefined {
    const names = path.split('/').filter(Boolean);
    let place: Place | undefined = parent === undefined ? this.#volatile.root : parent.volatile;
    for (const name of parent === undefined ? names : names.slice(-1)) {
      if (place === undefined) return undefined;
      const found = this.#volatile.enter(place, name, type === 'd');
      place = found.verdict === 'out' ? undefined : found.place;
    }
    return place;
  }

  #count(entry: Entry): void {
    const { path, user, group } = entry;
    if (this.#foreign === undefined && (user === UNMAPPED || group === UNMAPPED)) {
      const { path: root } = this.#scan;
      this.#foreign = (root === '/' ? '' : root) + Buffer.from(path, 'latin1').toString();
    }
    this.#sizes.add(entry, this.#open.at(-1)?.mount ?? '/');
  }

  #hash(record: Buffer): void {
    // In one call: an object for each of 100,000 records keeps the garbage collector busy.
    this.#digest.write(hash('sha256', record, 'binary'), 'latin1');
    for (let index = 0; index < 4; index += 1) {
      this.#sum[index] = (this.#sum[index] ?? 0n) + this.#digest.readBigUInt64LE(index * 8);
    }
  }
}
