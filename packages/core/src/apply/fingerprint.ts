import { createHash, hash } from 'node:crypto';
import { posix } from 'node:path';
import { LivesysError } from '../errors/livesys-error.ts';
import type { Scan } from '../plan/keys.ts';
import { stream } from './command-runner.ts';
import { isNamespaceComplaint, noNamespaces, USER_NAMESPACE } from './sandbox.ts';

/** What one look at a folder gives. */
export interface Fingerprint {
  readonly sha256: string;
  /** Bytes of the files. */
  readonly bytes: number;
  readonly files: number;
  /** The first path of an owner or group that a user namespace does not know. */
  readonly foreign: string | undefined;
}

/** In a user namespace, files of owners outside its range are seen as owned by nobody. */
const UNMAPPED = '65534';

const FORMAT = String.raw`%y %m %U %G %s %T@ %C@ %i %l %p\0`;

/**
 * Names the state of a folder by one streamed `find`: type, mode, owner, size, times, inode and
 * link target of everything that is not excluded. Throws LIVESYS_SOURCE_UNREADABLE when something
 * in it cannot be read. Without root it looks from the user namespace in which the build runs, so
 * that owners are the same in both.
 */
export async function fingerprint(
  scan: Scan,
  options: { readonly rootless: boolean },
): Promise<Fingerprint> {
  const seen = new Records(scan.path);
  // Directories change their order of entries without changing; the records are sorted by hashing
  // each on its own and adding the hashes up, which costs no memory.
  const inNamespace = options.rootless ? ['unshare', ...USER_NAMESPACE, '--'] : [];
  const find = ['find', ...starts(scan), ...prunes(scan), ...emptied(scan), '-printf', FORMAT];
  // Without a place to start, `find` would look at the working directory.
  const result =
    starts(scan).length > 0 &&
    (await stream([...inNamespace, ...find], (chunk) => seen.add(chunk)));
  if (result && result.failed) throw unreadable(scan, result.stderr);
  return {
    sha256: createHash('sha256').update(seen.sum()).digest('hex'),
    bytes: seen.bytes,
    files: seen.files,
    foreign: seen.foreign,
  };
}

function starts(scan: Scan): readonly string[] {
  if (scan.paths === undefined) return [scan.path];
  return scan.paths.map((path) => posix.join(scan.path, path));
}

function prunes(scan: Scan): readonly string[] {
  if (scan.excludes.length === 0) return [];
  const patterns = scan.excludes.flatMap((exclude, index) => [
    ...(index > 0 ? ['-o'] : []),
    '-path',
    escapeStart(scan.path) + exclude,
  ]);
  return ['(', ...patterns, ')', '-prune', '-o'];
}

/** A folder whose content is excluded has its times and size changed by that content. */
function emptied(scan: Scan): readonly string[] {
  return scan.excludes
    .filter((exclude) => exclude.endsWith('/*'))
    .flatMap((exclude) => {
      const folder = escapeStart(scan.path) + exclude.slice(0, -2);
      return ['-type', 'd', '-path', folder, '-printf', String.raw`%y %m %U %G 0 %i %p\0`, '-o'];
    });
}

/** Only the excludes are patterns; the folder itself is meant as it is written. */
function escapeStart(path: string): string {
  return (path === '/' ? '' : path).replaceAll(/[*?[\\]/g, String.raw`\$&`);
}

function unreadable(scan: Scan, stderr: string): LivesysError {
  const lines = stderr.split('\n').filter(Boolean);
  if (lines.some(isNamespaceComplaint)) return noNamespaces(lines);
  return new LivesysError(
    'LIVESYS_SOURCE_UNREADABLE',
    `${lines.length === 1 ? '1 path' : `${lines.length} paths`} in ${scan.path} cannot be read.`,
    {
      details: lines.slice(0, 10),
    },
  );
}

/** Reads the records of find as they stream in and adds up their hashes. */
class Records {
  bytes = 0;
  files = 0;
  foreign: string | undefined;
  readonly #root: string;
  #rest: Buffer = Buffer.alloc(0);
  readonly #digest = Buffer.alloc(32);
  readonly #sum = new BigUint64Array(4);

  constructor(root: string) {
    this.#root = root;
  }

  add(chunk: Buffer): void {
    const data = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    let start = 0;
    for (let end = data.indexOf(0, start); end >= 0; end = data.indexOf(0, start)) {
      this.#record(data.subarray(start, end));
      start = end + 1;
    }
    this.#rest = Buffer.from(data.subarray(start));
  }

  sum(): Uint8Array {
    return new Uint8Array(this.#sum.buffer);
  }

  #record(record: Buffer): void {
    // In one call: an object for each of 100,000 records keeps the garbage collector busy.
    this.#digest.write(hash('sha256', record, 'binary'), 'latin1');
    for (let index = 0; index < 4; index += 1) {
      this.#sum[index] = (this.#sum[index] ?? 0n) + this.#digest.readBigUInt64LE(index * 8);
    }
    const [type, , user, group, size] = record.subarray(0, 96).toString('latin1').split(' ', 6);
    if (this.foreign === undefined && (user === UNMAPPED || group === UNMAPPED)) {
      const text = record.toString();
      this.foreign = text.slice(text.indexOf(` ${this.#root}`) + 1);
    }
    this.files += 1;
    if (type === 'f') this.bytes += Number(size);
  }
}
