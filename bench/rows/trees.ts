import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { MemoryWatch } from '../memory.ts';
import { median, ratiosOf, row, type Row } from '../row.ts';
import { run } from '../run.ts';
import { LARGE, makeLarge } from '../trees/large.ts';
import { makeMany, MANY } from '../trees/many.ts';
import type { Workspace } from '../workspace.ts';

const PAIRS = 5;

/** What sources cost that are large in their own ways: in files, or in bytes. */
export async function measureTrees(
  workspace: Workspace,
  say: (line: string) => void,
): Promise<readonly Row[]> {
  const source = join(workspace.folder, 'trees/source');
  const project = join(workspace.folder, 'trees/project');
  await mkdir(project, { recursive: true });
  await run(['cp', '--archive', workspace.source, source]);
  await workspace.writeConfig(project, source);
  const setting = { workspace, project, source, say };
  const many = { id: 'many', what: '300,000 small files', make: makeMany };
  const large = { id: 'large', what: LARGE, make: makeLarge };
  const rows = [
    ...manyRows(many, await measureTree(setting, many)),
    ...largeRows(large, await measureTree(setting, large)),
  ];
  await rm(join(workspace.folder, 'trees'), { recursive: true });
  return rows;
}

interface Setting {
  readonly workspace: Workspace;
  readonly project: string;
  readonly source: string;
  readonly say: (line: string) => void;
}

interface Tree {
  readonly id: string;
  readonly what: string;
  readonly make: (folder: string) => Promise<void>;
}

/** Seconds of what ran one after the other, and the most memory that a process of ours had, in MB. */
interface Samples {
  readonly plan: number;
  /** The same source without the tree. */
  readonly without: number;
  readonly find: number;
  readonly du: number;
  readonly memory: number;
}

interface Measured {
  readonly pairs: readonly Samples[];
  /** Of the process that makes the base. */
  readonly baseMemory: number;
}

async function measureTree(setting: Setting, { id, what, make }: Tree): Promise<Measured> {
  const { workspace, project, source, say } = setting;
  say(`making ${what} ...`);
  const cache = await workspace.freshCache(id);
  const [aside, tree] = [join(workspace.folder, 'trees', id), join(source, 'srv', id)];
  await mkdir(aside);
  await make(aside);
  const livesys = async (argv: readonly string[]): Promise<{ seconds: number; peak: number }> => {
    const memory = new MemoryWatch();
    const onStart = (pid: number): void => memory.start(pid);
    const { seconds } = await workspace.livesys(cache, argv, { cwd: project, onStart });
    return { seconds, peak: Math.max(...Object.values(memory.stop())) };
  };
  const measurePair = async (): Promise<Samples> => {
    const without = (await livesys(['plan'])).seconds;
    await rename(aside, tree);
    const { seconds: plan, peak: memory } = await livesys(['plan']);
    const find = (await run(['find', source, '-xdev', '-printf', String.raw`%s\n`])).seconds;
    const du = (await run(['du', '--one-file-system', '--summarize', source])).seconds;
    await rename(tree, aside);
    return { plan, without, find, du, memory };
  };
  const pairs: Samples[] = [];
  for (let pair = 0; pair <= PAIRS; pair += 1) {
    say(`planning ${what}, pair ${pair} of ${PAIRS} ...`);
    const samples = await measurePair();
    // The first only fills caches.
    if (pair > 0) pairs.push(samples);
  }
  say(`the base with ${what} ...`);
  await rename(aside, tree);
  const { peak: baseMemory } = await livesys(['build', '--until', 'layer:base']);
  for (const path of [tree, cache]) await rm(path, { recursive: true });
  return { pairs, baseMemory };
}

/** Planning looks at each file: against tools that do nothing else. */
function manyRows(tree: Tree, measured: Measured): readonly Row[] {
  const [{ id, what }, { pairs }] = [tree, measured];
  const [plan, without] = [taken(pairs, 'plan'), taken(pairs, 'without')];
  const each = pairs.map((pair) => (pair.plan - pair.without) / (MANY / 100_000));
  return [
    row({
      ...{ id: `${id}-each`, title: `planning ${what}, each 100,000`, unit: 's', bar: 1 },
      ...{ figure: median(each), among: each, samples: { with: plan, without } },
    }),
    ratio(`${id}-find`, `planning ${what} / find -printf '%s\\n'`, plan, taken(pairs, 'find')),
    ratio(`${id}-du`, 'the same / du', plan, taken(pairs, 'du')),
    ...memoryRows(tree, measured),
  ];
}

/** Planning looks at no content, however much of it there is. */
function largeRows(tree: Tree, measured: Measured): readonly Row[] {
  const [{ id, what }, { pairs }] = [tree, measured];
  const [plan, without] = [taken(pairs, 'plan'), taken(pairs, 'without')];
  return [
    ratio(`${id}-plan`, `planning ${what} / planning without`, plan, without),
    ...memoryRows(tree, measured),
  ];
}

function memoryRows({ id, what }: Tree, { pairs, baseMemory }: Measured): readonly Row[] {
  const peaks = taken(pairs, 'memory');
  return [
    row({
      ...{ id: `${id}-plan-memory`, title: `memory, planning ${what}`, unit: 'MB', bar: 200 },
      ...{ figure: Math.max(...peaks), samples: { plan: peaks } },
    }),
    row({
      ...{ id: `${id}-base-memory`, title: `memory, base with ${what}`, unit: 'MB', bar: 200 },
      ...{ figure: baseMemory, samples: { build: [baseMemory] } },
    }),
  ];
}

function ratio(id: string, title: string, ours: readonly number[], bare: readonly number[]): Row {
  const among = ratiosOf(ours, bare);
  return row({ id, title, unit: '', figure: median(among), among, samples: { ours, bare } });
}

const taken = (pairs: readonly Samples[], of: keyof Samples): readonly number[] =>
  pairs.map((pair) => pair[of]);
