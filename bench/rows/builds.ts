import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runBare } from '../bare.ts';
import { toolVersions } from '../machine.ts';
import { MemoryWatch } from '../memory.ts';
import { median, pairedRatio, row, type Row } from '../row.ts';
import { run } from '../run.ts';
import type { Workspace } from '../workspace.ts';

/** Folder of the tools tree among the results of a bare run. */
const TOOLS = 'tree_tools';

export interface Builds {
  readonly rows: readonly Row[];
  readonly about: Readonly<Record<string, string>>;
}

/** A first build against the bare tools, then what a rebuild costs. */
export async function measureBuilds(
  workspace: Workspace,
  pairs: number,
  say: (line: string) => void,
): Promise<Builds> {
  say('first build, once to warm up ...');
  const memory = new MemoryWatch();
  const warm = await workspace.freshCache('warm');
  await workspace.livesys(warm, ['build'], { onStart: (pid) => memory.start(pid) });
  const peaks = memory.stop();
  const { stdout } = await workspace.livesys(warm, ['plan', '--json']);
  const plan = JSON.parse(stdout) as unknown;
  const first = await measureFirst(workspace, plan, join(warm, 'downloads'), pairs, say);
  say('rebuilds ...');
  const files = (await run(['find', workspace.source, '-printf', '\n'])).stdout.length;
  await workspace.removeOutput();
  await workspace.livesys(warm, ['build']);
  const rebuilds = await measureRebuilds(workspace, warm, files, pairs);
  return {
    rows: [first.row, ...rebuilds, memoryRow(peaks)],
    about: { source: `${files} files`, ...first.versions },
  };
}

/** The whole command, started and ended, against nothing but what the tools themselves take. */
async function measureFirst(
  workspace: Workspace,
  plan: unknown,
  downloads: string,
  pairs: number,
  say: (line: string) => void,
): Promise<{ row: Row; versions: Readonly<Record<string, string>> }> {
  const ours: number[] = [];
  const bare: number[] = [];
  let versions: Readonly<Record<string, string>> = {};
  for (let pair = 1; pair <= pairs; pair += 1) {
    say(`first build, pair ${pair} of ${pairs} ...`);
    await workspace.removeOutput();
    const cache = await workspace.freshCache('ours', downloads);
    ours.push((await workspace.livesys(cache, ['build'])).seconds);
    await rm(cache, { recursive: true });
    const folder = await workspace.freshCache('bare', downloads);
    const tasks = await runBare(workspace, plan, folder);
    bare.push(Object.values(tasks).reduce((sum, seconds) => sum + seconds, 0));
    const status = join(folder, 'results', TOOLS, 'var/lib/dpkg/status');
    versions = toolVersions(await readFile(status, 'utf8'));
    await rm(folder, { recursive: true });
  }
  return {
    versions,
    row: row({
      ...{ id: 'first-build', title: 'first build / bare tools', unit: '', bar: 1.15 },
      figure: pairedRatio(ours, bare),
      samples: { ours, bare },
    }),
  };
}

async function measureRebuilds(
  workspace: Workspace,
  cache: string,
  files: number,
  times: number,
): Promise<readonly Row[]> {
  const unchanged: number[] = [];
  const changed: number[] = [];
  for (let time = 1; time <= times; time += 1) {
    unchanged.push((await workspace.livesys(cache, ['build'])).seconds);
    await workspace.changeFile(`change ${time}`);
    const { seconds, stdout } = await workspace.livesys(cache, ['build', '--json']);
    changed.push(seconds - outputSeconds(stdout));
  }
  return [
    row({
      ...{ id: 'unchanged', title: `unchanged rebuild, ${files} files`, unit: 's' },
      figure: median(unchanged),
      bar: 2 + files * 1e-5,
      samples: { ours: unchanged },
    }),
    row({
      ...{ id: 'changed-file', title: 'one changed file, without the medium', unit: 's' },
      figure: median(changed),
      bar: 5,
      samples: { ours: changed },
    }),
  ];
}

interface Event {
  readonly type: string;
  readonly task?: string;
  readonly milliseconds?: number;
}

/** How long the medium itself took to write. */
function outputSeconds(events: string): number {
  const written = events
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Event)
    .find(({ type, task }) => type === 'task-finished' && task?.startsWith('output:') === true);
  if (written?.milliseconds === undefined) throw new Error('no medium was written');
  return written.milliseconds / 1000;
}

/** Each process by itself; what they have together is in the title. */
function memoryRow(peaks: Readonly<Record<string, number>>): Row {
  const each = Object.values(peaks);
  const sum = each.reduce((total, peak) => total + peak, 0);
  return row({
    ...{ id: 'memory', unit: 'MB', bar: 200 },
    title: `memory of our largest process (all ${each.length}: ${sum.toFixed(0)} MB)`,
    figure: Math.max(...each),
    samples: Object.fromEntries(Object.entries(peaks).map(([name, peak]) => [name, [peak]])),
  });
}
