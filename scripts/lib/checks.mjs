import { duration, line, run } from './step.mjs';

const bin = (/** @type {string} */ name) => `node_modules/.bin/${name}`;

/** @type {Readonly<Record<string, readonly string[]>>} */
const CHECKS = {
  lint: [bin('oxlint'), '--deny-warnings'],
  format: [bin('oxfmt'), '--check'],
  knip: [bin('knip')],
  shell: ['node', 'scripts/check-shell.mjs'],
  publish: ['node', 'scripts/check-publish.mjs'],
};

/**
 * Types first, because lint and publish read what it builds; then the others, all of them.
 *
 * @returns {Promise<string[]>} the names of those that failed
 */
export const runChecks = async () => {
  const results = [await check('types', ['node', 'scripts/build.mjs'])];
  for (const [name, argv] of Object.entries(CHECKS)) results.push(await check(name, argv));
  for (const { name, ok, output } of results) {
    if (!ok) console.log(`\n── ${name}\n${output.trimEnd()}`);
  }
  return results.filter(({ ok }) => !ok).map(({ name }) => name);
};

/** @param {string} name @param {readonly string[]} argv */
const check = async (name, argv) => {
  const start = Date.now();
  const { code, output } = await run(argv);
  line(code === 0, name, duration(Date.now() - start));
  return { name, ok: code === 0, output };
};
