/**
 * Measures livesys against the bare tools and prints what was found beside its bars:
 *
 *     npm run bench -- [--source DIR] [--work DIR] [--pairs N] [--name NAME] [--only GROUP,…] [--clock real]
 *
 * Groups are `startup`, `builds`, `planning`, `trees`, `write` and `boot`. Exit code 1 when a bar is missed.
 */
import { parseArgs } from 'node:util';
import { describeMachine } from './machine.ts';
import { table, writeReport } from './report.ts';
import { measureBoot } from './rows/boot.ts';
import { measureBuilds } from './rows/builds.ts';
import { measurePlanning } from './rows/planning.ts';
import { measureStartup } from './rows/startup.ts';
import { measureTrees } from './rows/trees.ts';
import { measureWrite } from './rows/write.ts';
import type { Row } from './row.ts';
import { Interrupted, stopRuns } from './run.ts';
import { Workspace } from './workspace.ts';

const { values } = parseArgs({
  options: {
    source: { type: 'string' },
    work: { type: 'string' },
    pairs: { type: 'string', default: '3' },
    name: { type: 'string', default: 'latest' },
    only: { type: 'string', default: 'startup,builds,planning,trees,write,boot' },
    clock: { type: 'string', default: 'counted' },
  },
});

const say = (line: string): void => void process.stderr.write(`${line}\n`);

if (process.getuid?.() !== 0) {
  say('The bench mounts the roots of the bare tools itself: run it as root.');
  process.exit(4);
}

const groups = values.only.split(',');
const pairs = Number(values.pairs);
const rows: Row[] = [];
let about: Readonly<Record<string, string>> = {};

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stopRuns);

const workspace = await Workspace.make(values);
try {
  await workspace.prepareSource(say);
  const machine = describeMachine();
  if (groups.includes('startup')) rows.push(await measureStartup(say));
  if (groups.includes('builds')) {
    const builds = await measureBuilds(workspace, Math.max(3, pairs), say);
    rows.push(...builds.rows);
    about = builds.about;
  }
  if (groups.includes('planning')) rows.push(await measurePlanning(workspace, say));
  if (groups.includes('trees')) rows.push(...(await measureTrees(workspace, say)));
  if (groups.includes('write')) rows.push(...(await measureWrite(workspace, pairs, say)));
  if (groups.includes('boot')) {
    const clock = values.clock === 'real' ? 'real' : 'counted';
    rows.push(...(await measureBoot(workspace, { pairs, clock }, say)));
  }
  process.stdout.write(`${table(rows)}\n`);
  await writeReport(values.name, { machine: { ...machine, ...about }, rows });
  if (rows.some((row) => !row.held)) process.exitCode = 1;
} catch (error) {
  if (!(error instanceof Interrupted)) throw error;
  say(error.message);
  process.exitCode = 130;
} finally {
  await workspace.remove();
}
