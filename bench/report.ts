import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Row } from './row.ts';
import { run } from './run.ts';

export interface Report {
  readonly machine: Readonly<Record<string, string>>;
  readonly rows: readonly Row[];
}

const RESULTS = fileURLToPath(new URL('./results/', import.meta.url));

const OXFMT = fileURLToPath(new URL('../node_modules/.bin/oxfmt', import.meta.url));

const HEAD = ['what', 'figure', 'bar', 'held'];

function cells(row: Row): readonly string[] {
  const digits = row.unit === 'MB' ? 0 : 2;
  const show = (value: number): string => `${value.toFixed(digits)} ${row.unit}`.trimEnd();
  const bar = row.bar === undefined ? ['', ''] : [`<= ${show(row.bar)}`, row.held ? 'yes' : 'NO'];
  const ends = (row.among ?? []).length === 0 ? [] : [Math.min, Math.max];
  const [least, most] = ends.map((end) => end(...(row.among ?? [])).toFixed(digits));
  const spread = least === undefined ? '' : ` (${least} to ${most})`;
  return [row.title, `${show(row.figure)}${spread}`, ...bar];
}

/** The rows below each other, aligned. */
export function table(rows: readonly Row[]): string {
  const lines = [HEAD, ...rows.map(cells)];
  const widths = HEAD.map((_, column) =>
    Math.max(...lines.map((line) => line[column]?.length ?? 0)),
  );
  const padded = lines.map((line) =>
    line
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return padded.join('\n');
}

/** Writes the numbers as data and a page for people; that of the usual name is the page of the folder. */
export async function writeReport(name: string, report: Report): Promise<void> {
  await mkdir(RESULTS, { recursive: true });
  await writeFile(`${RESULTS}${name}.json`, `${JSON.stringify(rounded(report), undefined, 2)}\n`);
  await writeFile(`${RESULTS}${name === 'latest' ? 'README' : name}.md`, page(name, report));
  await run([OXFMT, RESULTS]);
}

function rounded({ machine, rows }: Report): unknown {
  const short = (value: number): number => Number(value.toFixed(3));
  return {
    machine,
    rows: rows.map((row) => ({
      ...row,
      // It follows from the samples.
      among: undefined,
      figure: short(row.figure),
      samples: Object.fromEntries(
        Object.entries(row.samples).map(([of, values]) => [of, values.map(short)]),
      ),
    })),
  };
}

function page(name: string, { machine, rows }: Report): string {
  const lines = [HEAD, HEAD.map(() => '---'), ...rows.map(cells)];
  return [
    '# What livesys costs beside the tools it runs',
    '',
    `Written by \`npm run bench\`; every sample is in \`${name}.json\`, how each figure is taken in [../README.md](../README.md).`,
    '',
    ...lines.map((line) => `| ${line.join(' | ')} |`),
    '',
    '## The machine',
    '',
    ...Object.entries(machine).map(([key, value]) => `- ${key}: ${value}`),
    '',
  ].join('\n');
}
