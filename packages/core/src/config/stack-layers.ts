import { BASE, withAncestors, type LayerViews } from './layer-tree.ts';

/** Layers from lowest to highest, or the two branches that cannot be had together. */
export type Stack =
  | { readonly kind: 'stack'; readonly layers: readonly string[] }
  | { readonly kind: 'mixed'; readonly branches: readonly [readonly string[], readonly string[]] };

/**
 * Puts layers on top of each other: one branch of packages and commands, ancestors included, then
 * layers of files in the order named. Names that are unknown are left out.
 */
export function stackLayers(names: readonly string[], layers: LayerViews): Stack {
  const isFiles = (name: string): boolean => layers.get(name)?.kind === 'files';
  const branches = names
    .filter((name) => layers.has(name) && !isFiles(name))
    .map((name) => withAncestors(name, layers));
  const highest = branches.reduce<readonly string[]>(
    (longest, branch) => (branch.length > longest.length ? branch : longest),
    [],
  );
  const other = branches.find((branch) => !highest.includes(branch.at(-1) ?? ''));
  if (other) return { kind: 'mixed', branches: [highest, other] };
  return { kind: 'stack', layers: [...new Set([...highest, ...names.filter(isFiles)])] };
}

/** Why two branches cannot be had together, with both of them. */
export function mixedText([one, other]: readonly [readonly string[], readonly string[]]): string {
  const show = (branch: readonly string[]): string => [BASE, ...branch].join(' > ');
  return (
    `mixes two branches, ${show(one)} and ${show(other)}: ` +
    'each has its own package database, and those cannot be merged'
  );
}
