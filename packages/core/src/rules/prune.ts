import type { LeaveOut } from '../plan/model.ts';
import { parsePattern, type Pattern, type Segment } from './pattern.ts';

/**
 * Folders that a walk need not enter, because nothing in them stays, whatever it is. Regular
 * expressions (POSIX extended) for absolute paths; only the plain cases are known and save time.
 */
export interface Prune {
  readonly folder: string;
  /** Its first name, where that is known: most folders of a system begin with another one. */
  readonly top: string | undefined;
  /** Its last name, where that is known: to compare it first is a lot quicker. */
  readonly name: string | undefined;
  /** Folders among these in which something may stay after all. */
  readonly but: readonly string[];
}

/** Finds what need not be entered. */
export function prunes({ excludes, include, secrets }: LeaveOut): readonly Prune[] {
  const parsed = (lines: readonly string[], brings: boolean): readonly Pattern[] =>
    lines
      .map(parsePattern)
      .filter((pattern) => pattern !== undefined)
      .map((pattern) => (brings ? { ...pattern, brings } : withoutDepth(pattern)));
  const rules = [
    ...parsed(excludes, false),
    ...parsed(include, true),
    ...parsed(secrets, false),
    ...parsed(include, true),
  ];
  const found = new Map<string, Prune>();
  for (const [index, rule] of rules.entries()) {
    const later = rules.slice(index + 1).filter((one) => one.brings && mayMeet(one, rule));
    const one = isPlain(rule) ? pruneOf(rule, later) : undefined;
    if (one !== undefined) found.set(JSON.stringify(one), one);
  }
  return [...found.values()];
}

/** Undefined where what is brought back may be anywhere. */
function pruneOf(rule: Pattern, later: readonly Pattern[]): Prune | undefined {
  const segments = folderOf(rule);
  const but = later.map((one) => {
    const above = one.segments.slice(0, segments.length);
    return one.anchored && isWritable(above) ? `${pathOf(above)}(/.*)?` : undefined;
  });
  if (but.includes(undefined)) return undefined;
  return {
    folder: pathOf(segments),
    top: nameOf(segments[0]),
    name: nameOf(segments.at(-1)),
    but: [...new Set(but)].filter((text) => text !== undefined).toSorted(),
  };
}

/** What lies in a folder that is left out is not entered, so that one name says as much as many. */
function withoutDepth(pattern: Pattern): Pattern {
  const { brings, segments } = pattern;
  if (brings || segments.length < 2 || segments.at(-2)?.kind !== 'any') return pattern;
  const isAll = segments.at(-1)?.kind === 'glob' && sourceOf(segments.at(-1)) === '[^/]*';
  return isAll ? { ...pattern, segments: segments.toSpliced(-2, 1) } : pattern;
}

/** Whether a rule leaves out a folder, or all that is in one. */
function isPlain({ brings, anchored, segments }: Pattern): boolean {
  return !brings && anchored && isWritable(segments);
}

/** Whether names can be written as a regular expression for `find`: they are ASCII. */
function isWritable(segments: readonly Segment[]): boolean {
  return segments.every(
    (segment) =>
      segment.kind !== 'any' &&
      (segment.kind === 'name'
        ? /^[ -~]+$/.test(segment.name)
        : // A set of characters is written differently there.
          /^[ -~]+$/.test(segment.source.replaceAll('[^/]', '')) &&
          !segment.source.replaceAll('[^/]', '').includes('[')),
  );
}

/** Whether a rule may bring back something that another one leaves out. */
function mayMeet(bringing: Pattern, leaving: Pattern): boolean {
  if (!bringing.anchored) return true;
  for (const [index, segment] of leaving.segments.entries()) {
    const other = bringing.segments[index];
    if (other === undefined || other.kind === 'any') return true;
    if (segment.kind === 'name' && other.kind === 'name' && segment.name !== other.name)
      return false;
  }
  return true;
}

/** The folder that is not entered: for `path/*` it is the one whose content goes. */
function folderOf({ folders, segments }: Pattern): readonly Segment[] {
  const last = segments.at(-1);
  const all = last?.kind === 'glob' && last.source === '[^/]*' && !folders && segments.length > 1;
  return all ? segments.slice(0, -1) : segments;
}

function nameOf(segment: Segment | undefined): string | undefined {
  return segment?.kind === 'name' ? segment.name : undefined;
}

function pathOf(segments: readonly Segment[]): string {
  return segments.map((segment) => `/${sourceOf(segment)}`).join('');
}

function sourceOf(segment: Segment | undefined): string {
  if (segment?.kind === 'name')
    return segment.name.replaceAll(/[\\^$.|?*+()[\]{}]/g, String.raw`\$&`);
  return segment?.kind === 'glob' ? segment.source : '';
}
