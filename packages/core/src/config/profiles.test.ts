import { expect, test } from 'vitest';
import { checkSchema } from './check-schema.ts';
import { viewLayers } from './layer-tree.ts';
import { keyPath } from './problem.ts';
import { profileProblems, resolveProfiles } from './profiles.ts';

const layers = {
  desktop: { on: 'repair', packages: ['xfce4'] },
  repair: { packages: ['gdisk'] },
  server: { packages: ['nginx'] },
  site: { files: './site' },
  brand: { files: './brand' },
};

const problems = (profiles: unknown, over: unknown = layers) =>
  profileProblems(profiles, viewLayers(over)).map(({ path, text }) => `${keyPath(path)}: ${text}`);

function resolved(raw: { profiles?: unknown; layers?: unknown }) {
  const checked = checkSchema(raw);
  if (checked.kind === 'invalid') throw new Error(JSON.stringify(checked.problems));
  return resolveProfiles(checked.config.profiles, viewLayers(checked.config.layers));
}

test('a profile has its branch from low to high, then files in the order named', () => {
  const [profile] = resolved({
    layers,
    profiles: { office: { layers: ['site', 'desktop', 'brand', 'repair', 'base'] } },
  });
  expect(profile).toEqual({
    name: 'office',
    title: 'office',
    layers: ['repair', 'desktop', 'site', 'brand'],
    persistence: 'off',
    default: true,
    kernelArguments: [],
  });
});

test('the first profile is the default unless one says so', () => {
  const defaults = (profiles: unknown) => resolved({ profiles }).map((profile) => profile.default);
  expect(defaults({ a: {}, b: {} })).toEqual([true, false]);
  expect(defaults({ a: {}, b: { default: true } })).toEqual([false, true]);
});

test('without profiles there is one with every layer', () => {
  const { server: _, ...one } = layers;
  expect(resolved({ layers: one })).toMatchObject([
    { name: 'live', layers: ['repair', 'desktop', 'site', 'brand'], default: true },
  ]);
});

test('refuses names that the boot menu has for something else', () => {
  expect(problems({ office: {}, 'office-temporary': {}, selection: {} })).toEqual([
    'profiles.office-temporary: this is the name of another way to start "office"; choose another',
    'profiles.selection: this is the name of an entry of the boot menu; choose another',
  ]);
  expect(problems({ 'office-temporary': {}, 'a-verify': {} })).toEqual([]);
});

test('refuses two branches in one profile and names both', () => {
  expect(problems({ a: { layers: ['server', 'desktop'] } })).toEqual([
    'profiles.a.layers: mixes two branches, base > repair > desktop and base > server: each has its own package database, and those cannot be merged',
  ]);
  expect(problems({})[0]).toMatch(
    /^profiles: is missing: .*base > repair > desktop and base > server/,
  );
});

test('names the nearest layer for one that is not there', () => {
  expect(problems({ office: { layers: ['site', 'dekstop'] } })).toEqual([
    'profiles.office.layers[1]: there is no layer "dekstop"; did you mean "desktop"?',
  ]);
});

test('refuses a second default', () => {
  expect(problems({ a: { default: true }, b: { default: true } })).toEqual([
    'profiles.b.default: "a" is the default already; there can be only one',
  ]);
});

test('a circle among layers does not make profiles fail', () => {
  const circle = { a: { on: 'b', packages: [] }, b: { on: 'a', packages: [] } };
  expect(problems({ p: { layers: ['a', 'b'] } }, circle)).toEqual([]);
});
