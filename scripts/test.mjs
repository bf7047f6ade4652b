// The same set-up as `npm run live`, then every check and every test. The last lines have the failures and the totals.
import { mkdirSync, rmSync } from 'node:fs';

import { runChecks } from './lib/checks.mjs';
import { setup } from './lib/setup.mjs';
import { duration, line, main, root, run } from './lib/step.mjs';
import { readReport } from './lib/test-report.mjs';

/** In the order they run. `budget` in minutes on two cores without KVM; together less than 75 minutes. */
const GROUPS = [
  { name: 'unit', budget: 6 },
  { name: 'contract', budget: 2 },
  { name: 'namespace', budget: 15 },
  { name: 'boot', budget: 51 },
];
const REPORTS = `${root}/.cache/test-reports`;

await main(async () => {
  await setup('test', process.argv.slice(2));
  const total = { passed: 0, failed: 0, skipped: 0 };
  const times = [];
  console.log('\ncheck');
  total.failed += (await runChecks()).length;
  for (const group of GROUPS) {
    console.log(`\n${group.name}`);
    const result = await runGroup(group);
    total.passed += result.passed;
    total.failed += result.failed;
    total.skipped += result.skipped;
    times.push({ ...group, ...result });
  }
  // Once more, where whoever looks at the end of a long output sees it.
  for (const failure of times.flatMap(({ failures }) => failures)) console.log(`\n ✗ ${failure}`);
  console.log('');
  for (const { name, ok, ms, budget, passed } of times) {
    const over = ms > budget * 60_000 ? `, over its budget of ${budget} m` : '';
    line(ok, name, `${passed} passed, ${duration(ms)}${over}`);
  }
  const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : '';
  console.log(`\n${total.passed} passed, ${total.failed} failed${skipped}`);
  process.exitCode = total.failed > 0 ? 1 : 0;
});

/**
 * A group that fails without a failed test (a file that does not load, a skipped test in CI, a
 * crash) counts as one failure, so that the last line never says 0 beside a non-zero exit.
 *
 * @param {{ name: string, budget: number }} group
 */
async function runGroup({ name, budget }) {
  const report = `${REPORTS}/${name}.json`;
  mkdirSync(REPORTS, { recursive: true });
  rmSync(report, { force: true });
  const start = Date.now();
  const { code } = await run(
    [
      ...['node_modules/.bin/vitest', 'run', '--project', name],
      ...['--reporter', 'default', '--reporter', './test/support/no-skipped-reporter.ts'],
      ...['--reporter', 'json', `--outputFile.json=${report}`],
    ],
    // vitest colours its output in CI even when nobody sees it
    { quiet: false, env: process.stdout.isTTY ? {} : { NO_COLOR: '1' } },
  );
  const ms = Date.now() - start;
  const overBudget = ms > budget * 60_000 ? 1 : 0;
  const { passed, failed, skipped, failures } = readReport(report);
  const ok = code === 0 && failed === 0 && overBudget === 0;
  return { ok, ms, passed, skipped, failures, failed: ok ? 0 : Math.max(failed, 1) };
}
