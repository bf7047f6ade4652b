import type { LeaveOut, Plan, PlanInput, PlanLayer, PlanPlace, PlanTask } from './model.ts';
import { digestOf } from './canonical.ts';
import { operationRefs } from './operations.ts';

/** Version of how operations are carried out; a change makes all results new. */
const APPLY_VERSION = 1;

/** Something on the builder whose content enters a key. */
export interface Scan {
  readonly path: string;
  /** Mount points that belong to it, `path` itself first. Default: everything below `path`. */
  readonly mounts?: readonly string[];
  readonly leaveOut: LeaveOut;
  /** Lines of .gitignore: counted, but not looked at. */
  readonly volatile: readonly string[];
  /** Only these, absolute below `path`. */
  readonly paths?: readonly string[];
}

/** A name for a scan, to look its fingerprint up. */
export function scanName(scan: Scan): string {
  const { path, mounts = null, leaveOut, volatile, paths = null } = scan;
  return digestOf([path, mounts, leaveOut, volatile, paths]);
}

/** Everything on the builder that must be fingerprinted before keys can be computed. */
export function planScans(plan: Plan): readonly Scan[] {
  const scans = new Map<string, Scan>();
  const add = (scan: Scan): void => void scans.set(scanName(scan), scan);
  const addTree = (tree: string, paths?: readonly string[]): void => {
    for (const layer of plan.trees[tree]?.layers ?? []) {
      const scan = layerScan(layer, paths ?? plan.trees[tree]?.keyedBy);
      if (scan !== undefined) add(scan);
    }
  };
  for (const task of plan.tasks) {
    for (const [tree, paths] of placeTrees(task.place)) addTree(tree, paths);
    for (const input of task.inputs) {
      if (input.kind === 'tree') addTree(input.tree, input.paths);
      if (input.kind === 'topLayer') addTree(input.tree);
      if (input.kind === 'builderPath') add(pathScan(input));
    }
  }
  return [...scans.values()];
}

/** The name of the scan of the whole base, where it is no result of livesys. */
export function baseScanName(plan: Plan): string | undefined {
  const [layer] = plan.trees['source:base']?.layers ?? [];
  const scan = layer === undefined ? undefined : layerScan(layer);
  return scan === undefined ? undefined : scanName(scan);
}

export const NOTHING: LeaveOut = { excludes: [], include: [], secrets: [] };

/** What must be looked at for a layer, or undefined where it is a result. */
function layerScan(layer: PlanLayer, paths?: readonly string[]): Scan | undefined {
  if (layer.kind === 'task' || layer.kind === 'cached') return undefined;
  const { leaveOut = NOTHING, volatile = [] } = layer;
  const place =
    layer.kind === 'directory'
      ? { path: layer.path }
      : { path: '/', mounts: layer.mounts.filter(({ is }) => is === 'in').map(({ at }) => at) };
  return { ...place, leaveOut, volatile, ...(paths === undefined ? {} : { paths }) };
}

function pathScan({ path, excludes }: PlanInput & { kind: 'builderPath' }): Scan {
  return { path, leaveOut: { ...NOTHING, excludes }, volatile: [] };
}

type NarrowedTree = readonly [tree: string, paths?: readonly string[]];

/** The trees a place shows, each with the paths that its key is narrowed to. */
function placeTrees(place: PlanPlace): readonly NarrowedTree[] {
  switch (place.kind) {
    case 'layer':
      return [place.paths === undefined ? [place.on] : [place.on, place.paths]];
    case 'chroot':
      return [place.paths === undefined ? [place.tree] : [place.tree, place.paths]];
    case 'tools':
      return [[place.tree], ...Object.values(place.mounts).map((tree): NarrowedTree => [tree])];
    case 'builder':
      return Object.values(place.mounts).map((tree): NarrowedTree => [tree]);
  }
}

/** What a key is made of, each part hashed by itself, so that a change can be named. */
export interface TaskKey {
  readonly key: string;
  readonly parts: Readonly<Record<string, string>>;
}

/**
 * The key of each task: the hash of its operations and of the keys of all it reads. Keys depend on
 * declarations and fingerprints only, so all of them are known before anything runs.
 */
export function taskKeys(
  plan: Plan,
  fingerprints: ReadonlyMap<string, string>,
): ReadonlyMap<string, TaskKey> {
  const keys = new Map<string, TaskKey>();
  const look = new KeyLookup(plan, fingerprints, keys);
  for (const task of plan.tasks) {
    const parts = taskParts(plan, task, look);
    keys.set(task.id, { key: digestOf(parts), parts });
  }
  return keys;
}

/** Finds the keys of what a task reads. */
class KeyLookup {
  readonly #plan: Plan;
  readonly #fingerprints: ReadonlyMap<string, string>;
  readonly #keys: ReadonlyMap<string, TaskKey>;

  constructor(
    plan: Plan,
    fingerprints: ReadonlyMap<string, string>,
    keys: ReadonlyMap<string, TaskKey>,
  ) {
    this.#plan = plan;
    this.#fingerprints = fingerprints;
    this.#keys = keys;
  }

  task(id: string): string {
    return this.#keys.get(id)?.key ?? `missing:${id}`;
  }

  tree(id: string, paths?: readonly string[]): readonly string[] {
    const tree = this.#plan.trees[id];
    return (tree?.layers ?? []).map((layer) => this.#layer(layer, paths ?? tree?.keyedBy));
  }

  input(input: PlanInput): unknown {
    switch (input.kind) {
      case 'tree':
        return this.tree(input.tree, input.paths);
      case 'topLayer':
        return this.tree(input.tree).at(-1);
      case 'artifact':
        return [this.task(input.task), input.output];
      case 'blob':
        return [input.sha256, input.mode];
      case 'builderPath':
        return this.#scan(pathScan(input));
    }
  }

  place(place: PlanPlace): unknown {
    switch (place.kind) {
      case 'layer':
        return this.tree(place.on, place.paths);
      case 'chroot':
        return this.tree(place.tree, place.paths);
      case 'tools':
      case 'builder':
        return Object.entries(place.mounts).map(([at, tree]) => [at, this.tree(tree)]);
    }
  }

  #layer(layer: PlanLayer, paths?: readonly string[]): string {
    if (layer.kind === 'task') return this.task(layer.task);
    const scan = layerScan(layer, paths);
    if (scan !== undefined) return this.#scan(scan);
    if (layer.kind !== 'cached') return '';
    // Who narrows a tree vouches that nothing else matters, so neither does what is left out of it.
    const whole = layer.leaveOut === undefined || paths !== undefined;
    return whole ? layer.key : digestOf([layer.key, layer.leaveOut]);
  }

  #scan(scan: Scan): string {
    return this.#fingerprints.get(scanName(scan)) ?? `unscanned:${scan.path}`;
  }
}

/** Names of parts are shown to people: "layer base: its commands changed". */
function taskParts(plan: Plan, task: PlanTask, look: KeyLookup): Readonly<Record<string, string>> {
  const refs = task.operations
    .flatMap((operation) => operationRefs(operation))
    .map((ref) => (ref.kind === 'secret' ? 'secret' : [look.task(ref.task), ref.output]));
  return {
    version: String(APPLY_VERSION),
    'the date of the image': String(plan.sourceDateEpoch),
    'what it does': digestOf([task.place, plan.architecture, task.result, task.operations]),
    'what it reads': digestOf([task.inputs.map((input) => [input.at, look.input(input)]), refs]),
    'the tree it runs in': digestOf(look.place(task.place)),
    'the tools': task.place.kind === 'tools' ? digestOf(look.tree(task.place.tree)) : '',
    'the repositories': task.network ? `network ${plan.repositories}` : '',
  };
}
