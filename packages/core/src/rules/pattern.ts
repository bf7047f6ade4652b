/** One rule about paths, read from a line in the syntax of .gitignore. */
export interface Pattern {
  /** Whether it brings back what an earlier rule leaves out. */
  readonly brings: boolean;
  /** Whether it is for folders alone. */
  readonly folders: boolean;
  /** Whether it is meant from the root on, and not at any depth. */
  readonly anchored: boolean;
  /** Its names, from the top. */
  readonly segments: readonly Segment[];
}

/** What one name of a path must be: `any` stands for any number of names. */
export type Segment =
  | { readonly kind: 'any' }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'glob'; readonly source: string };

const ANY: Segment = { kind: 'any' };

/**
 * Reads a line of .gitignore; undefined for an empty one and a comment. Names are held as bytes, one
 * character each: paths of a file system need not be text. Source: man gitignore(5).
 */
export function parsePattern(line: string): Pattern | undefined {
  let text = bytesOf(line).replace(/(?<!\\)((?:\\\\)*) +$/, '$1');
  if (text === '' || text.startsWith('#')) return undefined;
  const brings = text.startsWith('!');
  if (brings) text = text.slice(1);
  const folders = text.endsWith('/');
  const names = text.split('/').filter((name) => name !== '');
  let anchored = text.replace(/\/$/, '').includes('/');
  if (names.length === 2 && names[0] === '**') {
    names.shift();
    anchored = false;
  }
  if (names.length === 0) return undefined;
  const segments = names.map(segmentOf);
  // At the end it means all that is in a folder, and not the folder.
  if (segments.at(-1)?.kind === 'any') segments.push({ kind: 'glob', source: globSource('*') });
  if (!anchored && segments.length > 1) segments.shift();
  return { brings, folders, anchored, segments };
}

/** The line that means exactly this absolute path. */
export function literalPattern(path: string): string {
  return path.replaceAll(/[*?[\]\\!#]|\s$/g, String.raw`\$&`);
}

/** The bytes of a text, one character each. */
export function bytesOf(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

function segmentOf(name: string): Segment {
  if (name === '**') return ANY;
  if (!/[*?[]/.test(name.replaceAll(/\\./gs, ''))) {
    return { kind: 'name', name: name.replaceAll(/\\(.)/gs, '$1') };
  }
  return { kind: 'glob', source: globSource(name) };
}

/** The source of a regular expression for a name: JavaScript and POSIX extended both read it. */
function globSource(glob: string): string {
  let source = '';
  for (let at = 0; at < glob.length; at += 1) {
    const char = glob.charAt(at);
    if (char === '*') source += '[^/]*';
    else if (char === '?') source += '[^/]';
    else if (char === '[') {
      const set = charactersAt(glob, at);
      source += set?.source ?? escaped('[');
      at += (set?.length ?? 1) - 1;
    } else if (char === '\\' && at + 1 < glob.length) {
      at += 1;
      source += escaped(glob.charAt(at));
    } else source += escaped(char);
  }
  // Several stars in one name mean what one means, and would take long to fail.
  return source.replaceAll(/(?:\[\^\/\]\*){2,}/g, '[^/]*');
}

/** A set such as `[a-z]` or `[!0]`; undefined where the bracket is never closed. */
function charactersAt(
  glob: string,
  at: number,
): { readonly source: string; readonly length: number } | undefined {
  const found = /^\[([!^]?)(\]?(?:\\.|\[:[a-z]+:\]|[^\]\\])*)\]/s.exec(glob.slice(at));
  if (found === null || found[2] === '') return undefined;
  const [whole, not = '', inner = ''] = found;
  const characters = inner
    .replaceAll(/\[:([a-z]+):\]/g, (_, name: string) => CLASSES[name] ?? '')
    .replaceAll(/\\(.)/gs, '$1')
    .replaceAll(/[\\\]^[]/g, String.raw`\$&`);
  // A set that leaves things out could match a slash otherwise, which no name has.
  return { source: `[${not === '' ? '' : '^/'}${characters}]`, length: whole.length };
}

const CLASSES: Readonly<Record<string, string>> = {
  alnum: 'a-zA-Z0-9',
  alpha: 'a-zA-Z',
  digit: '0-9',
  lower: 'a-z',
  space: ' \t',
  upper: 'A-Z',
  xdigit: '0-9a-fA-F',
};

function escaped(char: string): string {
  return /[\\^$.|?*+()[\]{}]/.test(char) ? `\\${char}` : char;
}
