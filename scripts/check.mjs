// Runs every check, whatever the others say, and reports all of them.
import { duration, line, main, Stop } from './lib/step.mjs';
import { runChecks } from './lib/checks.mjs';

await main(async () => {
  const start = Date.now();
  const failed = await runChecks();
  if (failed.length > 0) throw new Stop(`\nfailed: ${failed.join(', ')}`, 1);
  line(true, 'check', duration(Date.now() - start));
});
