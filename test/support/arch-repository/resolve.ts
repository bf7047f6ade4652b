import { type DebianPackage, look } from './debian.ts';
import { DROPPED, type Recipe, RECIPES } from './recipes.ts';

/** A package to make, with all that is known before anything is downloaded. */
export interface PlannedPackage {
  readonly name: string;
  readonly recipe: Recipe;
  readonly from: readonly DebianPackage[];
  readonly version: string;
  readonly depends: readonly string[];
}

/** Every package of the repository: the recipes, and what of Debian's these need besides. */
export function resolveAll(): readonly PlannedPackage[] {
  const recipes = new Map(Object.entries(RECIPES).map(([name, one]) => [name, withKernel(one)]));
  const owners = new Map<string, string>();
  for (const [name, { from = [] }] of recipes) for (const one of from) owners.set(one, name);
  let waiting = [...recipes.keys()];
  const planned = new Map<string, PlannedPackage>();
  while (waiting.length > 0) {
    look(waiting.flatMap((name) => recipes.get(name)?.from ?? []));
    const wanted = new Set<string>();
    for (const name of waiting) {
      const one = planOne(name, recipes.get(name) ?? {}, owners);
      planned.set(name, one.planned);
      for (const other of one.unowned) wanted.add(other);
    }
    waiting = [...wanted].filter((name) => !recipes.has(name));
    for (const name of waiting) {
      owners.set(name, name);
      recipes.set(name, { from: [name] });
    }
  }
  return [...planned.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function withKernel(recipe: Recipe): Recipe {
  if (recipe.kernel === undefined) return recipe;
  const newest = look([recipe.kernel]).get(recipe.kernel)?.depends.flat() ?? [];
  return { ...recipe, from: newest.filter((name) => name.startsWith('linux-image-')) };
}

function planOne(
  name: string,
  recipe: Recipe,
  owners: ReadonlyMap<string, string>,
): { readonly planned: PlannedPackage; readonly unowned: readonly string[] } {
  const found = look(recipe.from ?? []);
  const from = (recipe.from ?? []).map((one) => {
    const debian = found.get(one);
    if (debian === undefined)
      throw new Error(`apt knows no package ${one}, of which ${name} is made: apt-get update`);
    return debian;
  });
  const debianNames = recipe.dependsOnly === undefined ? chosen(from) : [];
  const unowned = debianNames.filter((one) => !owners.has(one));
  const depends = [
    ...(recipe.dependsOnly ?? []),
    ...(recipe.depends ?? []),
    ...debianNames.map((one) => owners.get(one) ?? one),
  ].filter((one) => one !== name);
  return {
    planned: {
      name,
      recipe,
      from,
      version: `${archVersion(from[0]?.version ?? recipe.version ?? '1')}-1`,
      depends: [...new Set(depends)],
    },
    unowned,
  };
}

/** Of each list of alternatives the first that exists. */
function chosen(from: readonly DebianPackage[]): readonly string[] {
  const names = from.flatMap(({ depends }) => depends.flat());
  const known = look(names.filter((name) => !DROPPED.has(name)));
  return [
    ...new Set(
      from.flatMap(({ name, depends }) =>
        depends.flatMap((alternatives) => {
          if (alternatives.some((one) => DROPPED.has(one))) return [];
          const first = alternatives.find((one) => known.has(one));
          if (first === undefined)
            throw new Error(`nothing serves ${name}: ${alternatives.join(' | ')}`);
          return [first];
        }),
      ),
    ),
  ];
}

/** Debian's version without epoch and revision, in the letters that pacman allows. */
function archVersion(version: string): string {
  return version
    .replace(/^\d+:/, '')
    .replace(/-[^-]*$/, '')
    .replaceAll(/[^\w.+]/g, '_');
}
