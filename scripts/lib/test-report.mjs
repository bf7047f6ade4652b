import { readFileSync } from 'node:fs';

import { root } from './step.mjs';

/** How much of each failure is shown again at the end; all of it stands above. */
const LINES = 15;
const COLUMNS = 160;

/**
 * What vitest's report says. Without a readable report nothing has passed.
 *
 * @param {string} report
 * @returns {{ passed: number, failed: number, skipped: number, failures: readonly string[] }}
 */
export function readReport(report) {
  try {
    const json = JSON.parse(readFileSync(report, 'utf8'));
    return {
      passed: Number(json.numPassedTests),
      failed: Number(json.numFailedTests),
      skipped: Number(json.numPendingTests) + Number(json.numTodoTests),
      failures: json.testResults.flatMap(failuresOf),
    };
  } catch {
    return { passed: 0, failed: 0, skipped: 0, failures: [] };
  }
}

/**
 * The tests of a file that failed; or the file, where it or its set-up did.
 *
 * @param {{ name: string, status: string, message: string, assertionResults: readonly { status: string, fullName: string, failureMessages: readonly string[] }[] }} file
 */
function failuresOf({ name, status, message, assertionResults }) {
  const path = name.replace(`${root}/`, '');
  const failed = assertionResults.filter((test) => test.status === 'failed');
  if (failed.length === 0 && status === 'failed') return [shortened(path, message)];
  return failed.map((test) =>
    shortened(`${path}: ${test.fullName}`, test.failureMessages.join('\n')),
  );
}

/**
 * @param {string} title
 * @param {string} text
 */
function shortened(title, text) {
  const lines = text.split('\n').filter((line) => !/^\s+at |^\s*$/.test(line));
  return [title, ...lines.slice(0, LINES).map((line) => `    ${line.slice(0, COLUMNS)}`)].join(
    '\n',
  );
}
