// Writes the goldens of test/plans anew. What changed is then to be read and judged: git diff.
import { main, run, Stop } from './lib/step.mjs';

await main(async () => {
  if (process.env['CI']) throw new Stop('goldens are never written in CI', 2);
  // The last word: what follows --update would be taken for its value.
  const argv = ['run', '--project', 'unit', 'test/plans/goldens.test.ts', '--update'];
  const { code } = await run(['node_modules/.bin/vitest', ...argv], { quiet: false });
  if (code !== 0) throw new Stop('', code);
});
