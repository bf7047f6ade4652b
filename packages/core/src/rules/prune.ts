import type { LeaveOut } from '../plan/model.ts';
import { parsePattern, type Pattern, type Segment } from './pattern.ts';

/**
 * A regular expression (POSIX extended) for absolute paths of folders that a walk need not enter,
 * because nothing in them stays, whatever it is. It knows only the plain cases and saves time there;
 * undefined when there is none.
 */
export function pruneExpression({ excludes, include, secrets }: LeaveOut): string | undefined {
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
  const folders = rules.flatMap((rule, index) => {
    const later = rules.slice(index + 1).filter(({ brings }) => brings);
    return isPlain(rule) && !later.some((one) => mayMeet(one, rule)) ? [folderOf(rule)] : [];
  });
  return folders.length === 0 ? undefined : [...new Set(folders)].join('|');
}

/** What lies in a folder that is left out is not entered, so that one name says as much as many. */
function withoutDepth(pattern: Pattern): Pattern {
  const { brings, segments } = pattern;
  if (brings || segments.length < 2 || segments.at(-2)?.kind !== 'any') return pattern;
  const isAll = segments.at(-1)?.kind === 'glob' && sourceOf(segments.at(-1)) === '[^/]*';
  return isAll ? { ...pattern, segments: segments.toSpliced(-2, 1) } : pattern;
}

/** Whether a rule leaves out a folder, or all that is in one, and is written in ASCII. */
function isPlain({ brings, anchored, segments }: Pattern): boolean {
  return (
    !brings &&
    anchored &&
    segments.every(
      (segment) =>
        segment.kind !== 'any' &&
        (segment.kind === 'name'
          ? /^[ -~]+$/.test(segment.name)
          : // A set of characters is written differently there.
            /^[ -~]+$/.test(segment.source.replaceAll('[^/]', '')) &&
            !segment.source.replaceAll('[^/]', '').includes('[')),
    )
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
function folderOf({ folders, segments }: Pattern): string {
  const last = segments.at(-1);
  const all = last?.kind === 'glob' && last.source === '[^/]*' && !folders && segments.length > 1;
  return (all ? segments.slice(0, -1) : segments)
    .map((segment) => `/${sourceOf(segment)}`)
    .join('');
}

function sourceOf(segment: Segment | undefined): string {
  if (segment?.kind === 'name')
    return segment.name.replaceAll(/[\\^$.|?*+()[\]{}]/g, String.raw`\$&`);
  return segment?.kind === 'glob' ? segment.source : '';
}
