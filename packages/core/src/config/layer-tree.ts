import type { KeyPath, Problem } from './problem.ts';
import { didYouMean } from './nearest.ts';

/** What matters of a layer for its place; also for one that has other problems. */
interface LayerView {
  readonly name: string;
  readonly on: string | undefined;
  /** `branch`: has packages or commands. `files`: files alone. `unclear`: neither can be told. */
  readonly kind: 'branch' | 'files' | 'unclear';
}

/** Layers by name. */
export type LayerViews = ReadonlyMap<string, LayerView>;

export const BASE = 'base';

/** Reads what can be read, so that names are checked even when something else is wrong. */
export function viewLayers(layers: unknown): LayerViews {
  return new Map(entriesOf(layers).map(([name, layer]) => [name, viewLayer(name, layer)]));
}

function viewLayer(name: string, layer: unknown): LayerView {
  const { on, packages, commands, files } = Object.fromEntries(entriesOf(layer));
  const branch = packages !== undefined || commands !== undefined;
  return {
    name,
    on: typeof on === 'string' && on !== BASE ? on : undefined,
    kind: branch ? 'branch' : files !== undefined ? 'files' : 'unclear',
  };
}

/** The layer and those below it, lowest first. Ends at what is unknown or was there already. */
export function withAncestors(name: string, layers: LayerViews): readonly string[] {
  const chain: string[] = [];
  for (let at = layers.get(name); at && !chain.includes(at.name);) {
    chain.unshift(at.name);
    at = at.on === undefined ? undefined : layers.get(at.on);
  }
  return chain;
}

/** Names of all layers so that each comes after the one below it; layers of files come last. */
export function layerOrder(layers: LayerViews): readonly string[] {
  const all = [...layers.values()];
  const branches = all.filter(({ kind }) => kind !== 'files');
  const files = all.filter(({ kind }) => kind === 'files');
  const chains = branches.flatMap(({ name }) => withAncestors(name, layers));
  return [...new Set([...chains, ...files.map(({ name }) => name)])];
}

/** What is wrong with the tree itself. */
export function layerProblems(layers: LayerViews): readonly Problem[] {
  return [...layers.values()].flatMap((layer) => {
    const text = layerProblem(layer, layers);
    return text === undefined ? [] : [text];
  });
}

function layerProblem(layer: LayerView, layers: LayerViews): Problem | undefined {
  const { name, on, kind } = layer;
  const path: KeyPath = ['layers', name];
  if (on !== undefined) {
    const text = onProblem(layer, on, layers);
    if (text !== undefined) return { path: [...path, 'on'], text };
  }
  return kind === 'unclear'
    ? { path, text: 'holds nothing; give it packages, files or commands' }
    : undefined;
}

function onProblem({ name, kind }: LayerView, on: string, layers: LayerViews): string | undefined {
  if (kind === 'files') return 'is not for a layer of files alone: it lies above every branch';
  const below = layers.get(on);
  if (!below) return noLayer(on, layers);
  if (below.kind === 'files') return `"${on}" is made of files alone; no layer lies on it`;
  const cycle = cycleThrough(name, layers);
  return cycle.length > 0 ? `goes round in a circle: ${cycle.join(' → ')}` : undefined;
}

function cycleThrough(name: string, layers: LayerViews): readonly string[] {
  const chain = withAncestors(name, layers).toReversed();
  const last = layers.get(chain.at(-1) ?? name);
  return last?.on === name ? [...chain, name] : [];
}

export const noLayer = (name: string, layers: LayerViews): string =>
  `there is no layer "${name}"${didYouMean(name, [...layers.keys()])}`;

/** The entries of an object, or none of anything else. */
export function entriesOf(value: unknown): readonly (readonly [string, unknown])[] {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.entries(value)
    : [];
}
