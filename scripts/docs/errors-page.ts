import type { ErrorRow } from '../../packages/core/src/errors/table.ts';
import { table } from './table.ts';

const EXIT_CODES: Readonly<Record<number, string>> = {
  1: 'a defect in livesys or in a plugin',
  2: 'wrong use',
  3: 'the config is invalid, or parts do not fit together',
  4: 'this machine is not ready',
  5: 'an operation failed',
  6: 'the plan is refused: unsafe, stale or damaged',
  7: 'something could not be released',
  130: 'interrupted, after unwinding (143 when terminated)',
};

/** The reference of all errors, from the table that the program itself uses. */
export function errorsPage(errors: Readonly<Record<string, ErrorRow>>): string {
  const codes = Object.entries(EXIT_CODES);
  const sections = codes.map(([code, meaning]) => section(Number(code), meaning, errors));
  return `# Errors

<!-- Generated from packages/core/src/errors/table.ts: npm run docs -->

Every error ends with a code and a next step. Codes are permanent, so scripts can rely on them. The message above a code says what happened this time; below it stands what it means in general.

## Exit codes

${table(['Exit', 'Meaning'], [['0', 'done'], ...codes.map(([code, meaning]) => [code, meaning])])}

With \`--debug\` an error also says where in the code it came from.

${sections.join('\n\n')}
`;
}

function section(
  exitCode: number,
  meaning: string,
  errors: Readonly<Record<string, ErrorRow>>,
): string {
  const found = Object.entries(errors).filter(([, row]) => row.exitCode === exitCode);
  const entries = found.map(([code, { title, hint }]) => `### ${code}\n\n${title}. ${hint}`);
  return [`## Exit ${exitCode}: ${meaning}`, ...entries].join('\n\n');
}
