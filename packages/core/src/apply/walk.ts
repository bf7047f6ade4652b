import type { LeaveOut } from '../plan/model.ts';
import { Matcher, type Verdict } from '../rules/matcher.ts';
import { prunes, type Prune } from '../rules/prune.ts';
import { stream } from './command-runner.ts';

/** An entry of a tree that stays in it, or the topmost of what is left out together. */
export interface Entry {
  /** Absolute in the tree; bytes, one character each. */
  readonly path: string;
  readonly verdict: Verdict;
  /** Whether the walk began here. */
  readonly isStart: boolean;
  /** As `find` says it: `f`, `d`, `l` and so on. */
  readonly type: string;
  readonly user: string;
  readonly group: string;
  /** The line that leaves it out, or all that is in it. */
  readonly rule: string | undefined;
  /** Bytes. */
  readonly size: number;
  /** Bytes that it takes where it lies: holes take none. */
  readonly stored: number;
  /** The same for all names of a file that has more than one; undefined for others. */
  readonly link: string | undefined;
  /** All that was found out about it that says what it is, times and names included. */
  readonly record: Buffer;
  /** What stays the same of a folder while things come and go in it; empty for all else. */
  readonly lasting: string;
}

export interface WalkOptions {
  /** The folder that is walked. */
  readonly root: string;
  readonly leaveOut: LeaveOut;
  /** Where to start, absolute below the root. Default: the root itself. */
  readonly starts?: readonly string[];
  /** Put before `find`, it sees the root. */
  readonly prefix?: readonly string[];
  /** Called for a folder before what is in it. `depth`: how many folders lead to it, itself one. */
  onEntry(entry: Entry, depth: number): void;
}

/** How it is stored comes first and is no part of the record: it may change by itself. */
const FORMAT = String.raw`%b %n %D %y %m %U %G %s %T@ %C@ %i %d %p\0%l\0`;
/** Blocks, names, device; type, mode, owner, group, size, two times, inode, depth. */
const [FIELDS_BEFORE, FIELDS] = [3, 12];
/** Bytes of a block, as find counts them. */
const BLOCK = 512;

/**
 * Walks a tree by one `find` and judges each entry on its way. Whoever asks what belongs to a tree
 * asks here, so that its fingerprint, its size and what is packed of it cannot differ.
 */
export async function walk(
  options: WalkOptions,
): Promise<{ readonly failed: boolean; readonly stderr: string }> {
  const { root, leaveOut, starts = ['/'], prefix = [] } = options;
  // Without a place to start, `find` would look at the working directory.
  if (starts.length === 0) return { failed: false, stderr: '' };
  const trail = new Trail(options);
  const at = root === '/' ? '' : root;
  const find = [
    'find',
    ...starts.map((start) => (start === '/' ? root : at + start)),
    // On a running system files vanish while they are looked for.
    '-ignore_readdir_race',
    ...['-regextype', 'posix-extended'],
    ...notEntered(prunes(leaveOut), at),
    ...['-printf', FORMAT],
  ];
  const onChunk = (chunk: Buffer): void => trail.add(chunk);
  // Names are bytes, and compared as such they take a fraction of the time.
  const { failed, stderr } = await stream([...prefix, ...find], onChunk, { env: { LC_ALL: 'C' } });
  const lines = stderr.split('\n').filter(Boolean);
  return { failed: failed && (lines.length === 0 || !lines.every(tellsOfVanished)), stderr };
}

/** The option covers files; of a folder that vanishes before it is entered find 4.9 complains. */
function tellsOfVanished(line: string): boolean {
  return /^find: .*: No such file or directory$/.test(line);
}

/** Prints nothing. The optimizer of find moves no test past what prints, and slow ones first otherwise. */
const FIRST = ['-printf', ''];

/** Prints folders whose content is known to stay out, and goes on. */
function notEntered(folders: readonly Prune[], root: string): readonly string[] {
  if (folders.length === 0) return [];
  const groups = groupedBy(folders, ({ top }) => top);
  // One comparison is all that most folders get: trying each rule on each takes longer than the walk.
  const tests = [...groups].map(([top, group]) => [
    ...(top === undefined ? [] : ['-path', `${escapedGlob(`${root}/${top}`)}*`, ...FIRST]),
    ...['(', ...anyOf(testsOf(group, escapedRegex(root))), ')'],
  ]);
  const others = ['!', '-type', 'd', '-printf', FORMAT, '-o'];
  return [...others, '(', ...anyOf(tests), ')', '-printf', FORMAT, '-prune', '-o'];
}

/** Tests of folders, one for those without exceptions that have the same last name. `at`: the root. */
function testsOf(folders: readonly Prune[], at: string): readonly (readonly string[])[] {
  const plain = folders.filter(({ but }) => but.length === 0);
  return [
    ...[...groupedBy(plain, ({ name }) => name)].map(([name, same]) => [
      ...[...named(name), '-regex', `${at}(${same.map(({ folder }) => folder).join('|')})`],
    ]),
    ...folders
      .filter(({ but }) => but.length > 0)
      .map(({ folder, name, but }) => [
        ...[...named(name), '-regex', `${at}${folder}`],
        ...['!', '-regex', `${at}(${but.join('|')})`],
      ]),
  ];
}

function groupedBy<T, K>(items: readonly T[], keyOf: (item: T) => K): ReadonlyMap<K, readonly T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}

const anyOf = (tests: readonly (readonly string[])[]): readonly string[] =>
  tests.flatMap((test, index) => (index === 0 ? test : ['-o', ...test]));

function named(name: string | undefined): readonly string[] {
  return name === undefined ? [] : ['-name', escapedGlob(name), ...FIRST];
}

function escapedGlob(text: string): string {
  return text.replaceAll(/[*?[\]\\]/g, String.raw`\$&`);
}

/** A folder on the way down to the current entry. */
type Frame = Pick<ReturnType<Matcher['enter']>, 'place' | 'verdict'>;

/** Reads what find prints as it streams in, and knows the folders above each entry. */
class Trail {
  readonly #options: WalkOptions;
  readonly #matcher: Matcher;
  /** Bytes of the root's path before that of an entry. */
  readonly #prefix: number;
  #rest: Buffer = Buffer.alloc(0);
  #frames: Frame[] = [];
  /** How deep the current starting point lies. */
  #start = 0;

  constructor(options: WalkOptions) {
    this.#options = options;
    this.#matcher = new Matcher(options.leaveOut);
    this.#prefix = options.root === '/' ? 0 : Buffer.byteLength(options.root);
  }

  add(chunk: Buffer): void {
    let start = this.#rest.length === 0 ? 0 : this.#finish(chunk);
    for (;;) {
      const name = chunk.indexOf(0, start);
      const end = name < 0 ? -1 : chunk.indexOf(0, name + 1);
      if (end < 0) break;
      this.#read(chunk.subarray(start, end), name - start);
      start = end + 1;
    }
    if (start < chunk.length) this.#rest = Buffer.concat([this.#rest, chunk.subarray(start)]);
  }

  /** Reads the record that an earlier chunk began. Gives the place of the next one. */
  #finish(chunk: Buffer): number {
    const before = this.#rest.indexOf(0);
    const name = before < 0 ? chunk.indexOf(0) : -1;
    const end = before < 0 && name < 0 ? -1 : chunk.indexOf(0, name + 1);
    if (end < 0) return 0;
    const record = Buffer.concat([this.#rest, chunk.subarray(0, end)]);
    this.#rest = Buffer.alloc(0);
    this.#read(record, record.indexOf(0));
    return end + 1;
  }

  #read(line: Buffer, end: number): void {
    let [at, start] = [0, 0];
    for (let field = 0; field < FIELDS; field += 1) {
      at = line.indexOf(32, at) + 1;
      if (field + 1 === FIELDS_BEFORE) start = at;
    }
    const [blocks, names, device, type = '', mode, user = '', group = '', size, , , inode, depth] =
      line.toString('latin1', 0, at).split(' ');
    const path = line.toString('latin1', at + this.#prefix, end) || '/';
    const judged = this.#judge(path, type === 'd', Number(depth));
    if (judged === undefined) return;
    const isFolder = type === 'd';
    // Made in one piece: there may be millions of them.
    const entry: Entry = {
      path,
      verdict: judged.verdict,
      rule: judged.rule,
      isStart: depth === '0',
      type,
      user,
      group,
      size: Number(size),
      stored: Number(blocks) * BLOCK,
      link: isFolder || names === '1' ? undefined : `${device}:${inode}`,
      record: line.subarray(start),
      lasting: isFolder ? `${type} ${mode} ${user} ${group} ${inode} ${path}` : '',
    };
    this.#options.onEntry(entry, this.#frames.length);
  }

  /** Undefined for what lies in a folder that is left out. */
  #judge(
    path: string,
    isFolder: boolean,
    depth: number,
  ): Pick<Entry, 'verdict' | 'rule'> | undefined {
    if (depth === 0) this.#enterStart(path);
    this.#frames.length = Math.min(this.#frames.length, this.#start + depth);
    const above = this.#frames.at(-1);
    if (above !== undefined && isClosed(above.verdict)) return undefined;
    if (this.#frames.length < this.#start + depth) return undefined;
    const name = path.slice(path.lastIndexOf('/') + 1);
    const judged =
      name === ''
        ? { verdict: 'in' as const, place: this.#matcher.root, rule: -1 }
        : this.#matcher.enter(above?.place ?? this.#matcher.root, name, isFolder);
    if (isFolder) this.#frames.push(judged);
    return { verdict: judged.verdict, rule: this.#matcher.lineOf(judged) };
  }

  /** Judges the folders above a starting point, which find does not print. */
  #enterStart(path: string): void {
    const names = path.split('/').filter(Boolean);
    this.#start = names.length;
    this.#frames = [];
    if (names.length === 0) return;
    let frame: Frame = { place: this.#matcher.root, verdict: 'in' };
    this.#frames.push(frame);
    for (const name of names.slice(0, -1)) {
      if (!isClosed(frame.verdict)) frame = this.#matcher.enter(frame.place, name, true);
      this.#frames.push(frame);
    }
  }
}

/** Whether nothing in a folder stays. */
function isClosed(verdict: Verdict): boolean {
  return verdict === 'out' || verdict === 'empty';
}

function escapedRegex(text: string): string {
  return text.replaceAll(/[\\^$.|?*+()[\]{}]/g, String.raw`\$&`);
}
