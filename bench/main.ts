/**
 * Measures livesys against the bare tools and prints what was found beside its bars:
 *
 *     npm run bench -- [--source DIR] [--work DIR] [--pairs N] [--name NAME]
 *
 * Exit code 1 when a bar is missed.
 */
import { parseArgs } from 'node:util';
import { describeMachine } from './machine.ts';
import { table, writeReport } from './report.ts';
import { measureBuilds } from './rows/builds.ts';
import { measurePlanning } from './rows/planning.ts';
import { measureStartup } from './rows/startup.ts';
import { Workspace } from './workspace.ts';

const { values } = parseArgs({
  options: {
    source: { type: 'string' },
    work: { type: 'string' },
    pairs: { type: 'string', default: '3' },
    name: { type: 'string', default: 'latest' },
  },
});

const say = (line: string): void => void process.stderr.write(`${line}\n`);

if (process.getuid?.() !== 0) {
  say('The bench mounts the roots of the bare tools itself: run it as root.');
  process.exit(4);
}

const workspace = await Workspace.make(values);
try {
  await workspace.prepareSource(say);
  const machine = describeMachine();
  const startup = await measureStartup(say);
  const builds = await measureBuilds(workspace, Math.max(3, Number(values.pairs)), say);
  const planning = await measurePlanning(workspace, say);
  const rows = [...builds.rows, startup, planning];
  process.stdout.write(`${table(rows)}\n`);
  await writeReport(values.name, { machine: { ...machine, ...builds.about }, rows });
  if (rows.some((row) => !row.held)) process.exitCode = 1;
} finally {
  await workspace.remove();
}
