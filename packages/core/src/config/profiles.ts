import type { ProfileRequest } from '../contract/hooks.ts';
import { BASE, entriesOf, noLayer, type LayerViews } from './layer-tree.ts';
import type { Problem } from './problem.ts';
import type { ParsedConfig } from './schema.ts';
import { mixedText, stackLayers } from './stack-layers.ts';

/** What is wrong with the names in profiles. Reads what can be read of an invalid config, too. */
export function profileProblems(profiles: unknown, layers: LayerViews): readonly Problem[] {
  const entries = entriesOf(profiles);
  if (entries.length === 0) return noProfilesProblem(layers);
  const named = entries.flatMap(([name, profile]) => {
    const list: unknown = Object.fromEntries(entriesOf(profile))['layers'];
    return Array.isArray(list) ? listProblems(list, name, layers) : [];
  });
  return [...named, ...defaultProblems(entries), ...entryProblems(entries.map(([name]) => name))];
}

/** Ids of the boot menu that no profile may have: a profile's own entry has its name. */
const ENTRIES = ['selection', 'set-up-persistence', 'local-disk', 'firmware-setup'];
const VARIANT = /-(?:temporary|safe-graphics|verbose|verify|toram)$/;

function entryProblems(names: readonly string[]): readonly Problem[] {
  return names.flatMap((name) => {
    const other = name.replace(VARIANT, '');
    const clash = ENTRIES.includes(name)
      ? 'an entry of the boot menu'
      : other !== name && names.includes(other)
        ? `another way to start "${other}"`
        : undefined;
    if (clash === undefined) return [];
    return [{ path: ['profiles', name], text: `this is the name of ${clash}; choose another` }];
  });
}

function listProblems(
  list: readonly unknown[],
  profile: string,
  layers: LayerViews,
): readonly Problem[] {
  const path = ['profiles', profile, 'layers'];
  const unknown = list.flatMap((name, index) =>
    typeof name === 'string' && name !== BASE && !layers.has(name)
      ? [{ path: [...path, index], text: noLayer(name, layers) }]
      : [],
  );
  const stack = stackLayers(
    list.filter((name) => typeof name === 'string'),
    layers,
  );
  return stack.kind === 'mixed' ? [...unknown, { path, text: mixedText(stack.branches) }] : unknown;
}

function noProfilesProblem(layers: LayerViews): readonly Problem[] {
  const stack = stackLayers([...layers.keys()], layers);
  if (stack.kind === 'stack') return [];
  const text = `is missing: one profile with every layer ${mixedText(stack.branches)}`;
  return [{ path: ['profiles'], text }];
}

function defaultProblems(entries: readonly (readonly [string, unknown])[]): readonly Problem[] {
  const [first, ...more] = entries
    .filter(([, profile]) => Object.fromEntries(entriesOf(profile))['default'] === true)
    .map(([name]) => name);
  return more.map((name) => ({
    path: ['profiles', name, 'default'],
    text: `"${first}" is the default already; there can be only one`,
  }));
}

/** Profiles of a config without problems. */
export function resolveProfiles(
  profiles: ParsedConfig['profiles'],
  layers: LayerViews,
): readonly ProfileRequest[] {
  const entries = Object.entries(profiles);
  if (entries.length === 0) return [liveProfile(layers)];
  const chosen = entries.find(([, profile]) => profile.default === true) ?? entries[0];
  return entries.map(([name, profile]) => ({
    name,
    title: profile.title ?? name,
    layers: stackOf(profile.layers, layers),
    persistence: profile.persistence,
    default: name === chosen?.[0],
    kernelArguments: profile.kernelArguments,
  }));
}

const liveProfile = (layers: LayerViews): ProfileRequest => ({
  name: 'live',
  title: 'live',
  layers: stackOf([...layers.keys()], layers),
  persistence: 'off',
  default: true,
  kernelArguments: [],
});

function stackOf(names: readonly string[], layers: LayerViews): readonly string[] {
  const stack = stackLayers(names, layers);
  return stack.kind === 'stack' ? stack.layers : [];
}
