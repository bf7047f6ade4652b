/** What stays out of the base, as far as it is there. */
interface LeftOut {
  readonly paths: number;
  readonly bytes: number;
  readonly unmeasured: number;
  readonly largest: readonly LeftOutPath[];
}

interface LeftOutPath {
  readonly path: string;
  readonly bytes: number | undefined;
  readonly rule: string;
}

export interface LeftOutTextOptions {
  /** Shows every path with the line that leaves it out, instead of the largest. */
  readonly all: boolean;
  formatBytes(bytes: number): string;
}

const SHOWN = 3;
const INDENT = ' '.repeat(12);

/** What is left out of the base, how large it is and, where all is shown, why. */
export function renderLeftOut(leftOut: LeftOut, options: LeftOutTextOptions): readonly string[] {
  const { paths, bytes, unmeasured } = leftOut;
  const number = paths === 1 ? '1 path' : `${paths} paths`;
  const late = unmeasured > 0 ? `, ${unmeasured} of them not measured` : '';
  const sum = `${options.formatBytes(bytes)} in ${number}${late}`;
  return options.all
    ? [`${INDENT}left out: ${sum}`, ...allLines(leftOut, options)]
    : [`${INDENT}left out: ${[sum, largest(leftOut, options)].filter(Boolean).join(': ')}`];
}

function largest({ paths, largest: found }: LeftOut, options: LeftOutTextOptions): string {
  const shown = found.filter(({ bytes = 0 }) => bytes > 0).slice(0, SHOWN);
  const rest = paths - shown.length;
  return [
    ...shown.map(({ path, bytes }) => `${plain(path)} ${options.formatBytes(bytes ?? 0)}`),
    ...(rest > 0 ? [`${rest} ${shown.length > 0 ? 'more ' : ''}(livesys plan --excludes)`] : []),
  ].join(', ');
}

function allLines({ paths, largest: found }: LeftOut, options: LeftOutTextOptions) {
  const rows = found.map(({ path, bytes, rule }) => ({
    size: bytes === undefined ? 'not measured' : options.formatBytes(bytes),
    path: plain(path),
    rule,
  }));
  const widest = (cells: readonly string[]): number =>
    Math.max(0, ...cells.map((cell) => cell.length));
  const [sizes, names] = [
    widest(rows.map(({ size }) => size)),
    widest(rows.map(({ path }) => path)),
  ];
  const rest = paths - found.length;
  return [
    ...rows.map(
      ({ size, path, rule }) =>
        `${INDENT}  ${size.padStart(sizes)}  ${path.padEnd(names)}  by ${plain(rule)}`,
    ),
    ...(rest > 0 ? [`${INDENT}  ${rest} more, each no larger`] : []),
  ];
}

/** Names of files may hold what moves the cursor. */
function plain(name: string): string {
  return name.replaceAll(/\p{Cc}/gu, '?');
}
