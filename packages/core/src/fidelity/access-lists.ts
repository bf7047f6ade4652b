import { withoutOctalEscapes } from '../probe/octal-escapes.ts';

/** A POSIX access list, and the one that what is made in a folder gets, as text in the form of setfacl. */
export interface AccessLists {
  /** Absolute; bytes, one character each. */
  readonly path: string;
  readonly access: string | undefined;
  readonly default: string | undefined;
}

/** systemd-tmpfiles gives the journal its lists at every start. Source: tmpfiles.d/systemd.conf of systemd. */
const JOURNAL = /^\/var\/log\/journal(\/|$)/;

const ATTRIBUTES = { access: 'system.posix_acl_access', default: 'system.posix_acl_default' };

/** Tags of entries. Source: include/uapi/linux/posix_acl.h. */
const TAGS: ReadonlyMap<number, string> = new Map([
  [0x01, 'u'],
  [0x02, 'u'],
  [0x04, 'g'],
  [0x08, 'g'],
  [0x10, 'm'],
  [0x20, 'o'],
]);
const NAMED: ReadonlySet<number> = new Set([0x02, 0x08]);
/** The only version, and the length of what says it. */
const VERSION = 2;
const HEADER = 4;
/** Tag and rights of two bytes each, and an id of four. Source: include/uapi/linux/posix_acl_xattr.h. */
const ENTRY = 8;

/** Reads what `getfattr --dump --encoding=hex` printed from inside of a folder, without the journal. */
export function parseAccessLists(dump: string): readonly AccessLists[] {
  return dump.split('\n\n').flatMap((block) => {
    const [head = '', ...lines] = block.trimStart().split('\n');
    const path = head.replace(/^# file: /, '');
    if (path === head) return [];
    const value = (name: string): string | undefined => {
      const line = lines.find((one) => one.startsWith(`${name}=0x`));
      return line === undefined ? undefined : accessList(line.slice(name.length + 3));
    };
    const { access, default: inherited } = ATTRIBUTES;
    const whole = path === '.' ? '/' : `/${withoutOctalEscapes(path)}`;
    if (JOURNAL.test(whole)) return [];
    return [{ path: whole, access: value(access), default: value(inherited) }];
  });
}

/** The same by path, and in the words in which an image records them. */
export function accessListsOf(dump: string): ReadonlyMap<string, string> {
  return new Map(parseAccessLists(dump).map((lists) => [lists.path, entriesOf(lists)]));
}

/** An attribute as the kernel gives it, in hex, as text: `u::rwx,u:1000:r-x,g::r-x,m::r-x,o::---`. */
function accessList(hex: string): string {
  const bytes = Buffer.from(hex, 'hex');
  if (bytes.length < HEADER || bytes.readUInt32LE(0) !== VERSION) {
    throw new TypeError(`an access list of an unknown version: ${hex}`);
  }
  const entries: string[] = [];
  for (let at = HEADER; at + ENTRY <= bytes.length; at += ENTRY) {
    const tag = bytes.readUInt16LE(at);
    const rights = bytes.readUInt16LE(at + 2);
    const id = NAMED.has(tag) ? String(bytes.readUInt32LE(at + 4)) : '';
    const shown = ['r', 'w', 'x'].map((right, bit) => ((rights >> (2 - bit)) & 1 ? right : '-'));
    entries.push(`${TAGS.get(tag) ?? '?'}:${id}:${shown.join('')}`);
  }
  return entries.join(',');
}

/** Lines for systemd-tmpfiles, which has them set again; see man tmpfiles.d(5). */
export function renderAccessLists(lists: readonly AccessLists[]): string {
  return inOrder(lists)
    .map((lists) => `a "${quoted(lists.path)}" - - - - ${entriesOf(lists)}\n`)
    .join('');
}

/** A folder's own order differs from one file system to another. */
function inOrder(lists: readonly AccessLists[]): readonly AccessLists[] {
  return lists.toSorted((one, other) => (one.path < other.path ? -1 : 1));
}

/** Only the paths, each with a NUL behind it. */
export function renderPaths(lists: readonly AccessLists[]): string {
  return inOrder(lists)
    .map(({ path }) => `${path}\0`)
    .join('');
}

/** Reads these lines again, by path. */
export function recordedAccessLists(lines: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const line of lines.split('\n')) {
    const [, path, entries = ''] = /^a "(.*)" - - - - (\S+)$/.exec(line) ?? [];
    if (path !== undefined) found.set(unquoted(path), entries);
  }
  return found;
}

function entriesOf({ access, default: inherited }: AccessLists): string {
  return [
    ...(access?.split(',') ?? []),
    ...(inherited?.split(',').map((entry) => `d:${entry}`) ?? []),
  ].join(',');
}

/** A path is a pattern with specifiers there, and what is in quotes has escapes as in C. */
function quoted(path: string): string {
  return path
    .replaceAll('%', '%%')
    .replaceAll(/[\\*?[\]{}]/g, String.raw`\$&`)
    .replaceAll(/["\\]/g, String.raw`\$&`)
    .replaceAll(/[^ -~\u0080-\u00ff]/g, (character) => {
      const code = character.charCodeAt(0).toString(16).padStart(2, '0');
      return String.raw`\x${code}`;
    });
}

function unquoted(text: string): string {
  return text
    .replaceAll(/\\x([0-9a-f]{2})|\\(["\\])/g, (_, code: string | undefined, plain: string) =>
      code === undefined ? plain : String.fromCharCode(Number.parseInt(code, 16)),
    )
    .replaceAll(/\\([\\*?[\]{}])/g, '$1')
    .replaceAll('%%', '%');
}
