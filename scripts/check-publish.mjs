// Packs every package as it would be published and lets publint and attw judge the tarball.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { main, PNPM, root, run, Stop } from './lib/step.mjs';

const folder = mkdtempSync(join(tmpdir(), 'livesys-pack-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));

await main(async () => {
  const problems = lockfileProblems();
  for (const { name, filename } of await packAll()) problems.push(...(await judge(name, filename)));
  if (problems.length > 0) throw new Stop(problems.join('\n'), 1);
});

/** @returns {Promise<{ name: string, filename: string }[]>} */
async function packAll() {
  const { code, output } = await run([
    ...[...PNPM, '--recursive', '--filter', './packages/*'],
    ...['pack', '--json', '--pack-destination', folder],
  ]);
  if (code !== 0) throw new Stop(output, 1);
  return JSON.parse(output.slice(output.search(/^\[/m), output.lastIndexOf(']') + 1));
}

/** @param {string} name @param {string} filename */
async function judge(name, filename) {
  const judges = [
    ['node_modules/.bin/publint', 'run', filename, '--strict'],
    ['node_modules/.bin/attw', filename, '--profile', 'esm-only', '--no-emoji', '--no-color'],
  ];
  const results = await Promise.all(judges.map((argv) => run(argv)));
  return results
    .filter(({ code }) => code !== 0)
    .map(({ output }) => `${name}\n${output.trimEnd()}`);
}

/** The lockfile must work with any registry. */
function lockfileProblems() {
  const text = readFileSync(`${root}/pnpm-lock.yaml`, 'utf8');
  return /tarball:|https?:\/\//.test(text) ? ['pnpm-lock.yaml names a registry host'] : [];
}
