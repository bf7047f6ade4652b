import type { Plan, PlanInput, PlanLayer, PlanPlace, PlanTask } from './model.ts';
import { digestOf } from './canonical.ts';
import { operationRefs } from './operations.ts';

/** Version of how operations are carried out; a change makes all results new. */
const APPLY_VERSION = 1;

/** Something on the builder whose content enters a key. */
export interface Scan {
  readonly path: string;
  readonly excludes: readonly string[];
  /** Only these, absolute below `path`. */
  readonly paths?: readonly string[];
}

/** A name for a scan, to look its fingerprint up. */
export function scanName(scan: Scan): string {
  return digestOf([scan.path, scan.excludes, scan.paths ?? null]);
}

/** Everything on the builder that must be fingerprinted before keys can be computed. */
export function planScans(plan: Plan): readonly Scan[] {
  const scans = new Map<string, Scan>();
  const add = (scan: Scan): void => void scans.set(scanName(scan), scan);
  const addTree = (tree: string, paths?: readonly string[]): void => {
    for (const layer of plan.trees[tree]?.layers ?? []) {
      if (layer.kind === 'directory') add(layerScan(layer, paths ?? plan.trees[tree]?.keyedBy));
    }
  };
  for (const task of plan.tasks) {
    for (const [tree, paths] of placeTrees(task.place)) addTree(tree, paths);
    for (const input of task.inputs) {
      if (input.kind === 'tree') addTree(input.tree, input.paths);
      if (input.kind === 'topLayer') addTree(input.tree);
      if (input.kind === 'builderPath') add({ path: input.path, excludes: input.excludes });
    }
  }
  return [...scans.values()];
}

function layerScan(layer: PlanLayer & { kind: 'directory' }, paths?: readonly string[]): Scan {
  return { path: layer.path, excludes: layer.excludes, ...(paths === undefined ? {} : { paths }) };
}

type NarrowedTree = readonly [tree: string, paths?: readonly string[]];

/** The trees a place shows, each with the paths that its key is narrowed to. */
function placeTrees(place: PlanPlace): readonly NarrowedTree[] {
  switch (place.kind) {
    case 'layer':
      return [place.paths === undefined ? [place.on] : [place.on, place.paths]];
    case 'chroot':
      return [[place.tree]];
    case 'tools':
      return [[place.tree], ...Object.values(place.mounts).map((tree): NarrowedTree => [tree])];
    case 'builder':
      return Object.values(place.mounts).map((tree): NarrowedTree => [tree]);
  }
}

/**
 * The key of each task: the hash of its operations and of the keys of all it reads. Keys depend on
 * declarations and fingerprints only, so all of them are known before anything runs.
 */
export function taskKeys(plan: Plan, fingerprints: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const keys = new Map<string, string>();
  const layerKey = (layer: PlanLayer, paths?: readonly string[]): string => {
    if (layer.kind === 'cached') return layer.key;
    if (layer.kind === 'task') return keys.get(layer.task) ?? `missing:${layer.task}`;
    return fingerprints.get(scanName(layerScan(layer, paths))) ?? `unscanned:${layer.path}`;
  };
  const treeKey = (tree: string, paths?: readonly string[]): readonly string[] =>
    (plan.trees[tree]?.layers ?? []).map((layer) =>
      layerKey(layer, paths ?? plan.trees[tree]?.keyedBy),
    );
  const inputKey = (input: PlanInput): unknown => {
    switch (input.kind) {
      case 'tree':
        return treeKey(input.tree, input.paths);
      case 'topLayer':
        return treeKey(input.tree).at(-1);
      case 'artifact':
        return [keys.get(input.task), input.output];
      case 'blob':
        return [input.sha256, input.mode];
      case 'builderPath':
        return fingerprints.get(scanName({ path: input.path, excludes: input.excludes }));
    }
  };
  for (const task of plan.tasks) keys.set(task.id, digestOf(describe(plan, task, treeKey, inputKey, keys)));
  return keys;
}

function describe(
  plan: Plan,
  task: PlanTask,
  treeKey: (tree: string, paths?: readonly string[]) => unknown,
  inputKey: (input: PlanInput) => unknown,
  keys: ReadonlyMap<string, string>,
): unknown {
  const refs = task.operations
    .flatMap((operation) => operationRefs(operation))
    .map((ref) => (ref.kind === 'secret' ? 'secret' : [keys.get(ref.task), ref.output]));
  return {
    version: APPLY_VERSION,
    architecture: plan.architecture,
    sourceDateEpoch: plan.sourceDateEpoch,
    place: placeKey(task.place, treeKey),
    inputs: task.inputs.map((input) => [input.at, inputKey(input)]),
    result: task.result,
    operations: task.operations,
    refs,
    network: task.network ? plan.repositories : false,
  };
}

function placeKey(place: PlanPlace, treeKey: (tree: string, paths?: readonly string[]) => unknown): unknown {
  switch (place.kind) {
    case 'layer':
      return ['layer', treeKey(place.on, place.paths)];
    case 'chroot':
      return ['chroot', treeKey(place.tree)];
    case 'tools':
    case 'builder':
      return [
        place.kind,
        place.kind === 'tools' ? treeKey(place.tree) : null,
        Object.entries(place.mounts).map(([at, tree]) => [at, treeKey(tree)]),
      ];
  }
}
