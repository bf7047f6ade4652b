import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { layerOrder, layerProblems, viewLayers, withAncestors } from './layer-tree.ts';

const problems = (layers: unknown) =>
  layerProblems(viewLayers(layers)).map(({ path, text }) => `${path.join('.')}: ${text}`);

describe('layers', () => {
  test('a layer brings those below it, lowest first', () => {
    const layers = viewLayers({
      top: { on: 'middle', packages: [] },
      middle: { on: 'low', commands: [] },
      low: { on: 'base', packages: [], files: './x' },
    });
    expect(withAncestors('top', layers)).toEqual(['low', 'middle', 'top']);
    expect(layerOrder(layers)).toEqual(['low', 'middle', 'top']);
  });

  test.each<[string, unknown, string[]]>([
    [
      'an unknown layer below',
      { repair: { packages: [] }, desktop: { on: 'repiar', packages: [] } },
      ['layers.desktop.on: there is no layer "repiar"; did you mean "repair"?'],
    ],
    [
      'a circle, at each layer of it',
      { a: { on: 'b', packages: [] }, b: { on: 'a', packages: [] }, c: { on: 'a', packages: [] } },
      [
        'layers.a.on: goes round in a circle: a → b → a',
        'layers.b.on: goes round in a circle: b → a → b',
      ],
    ],
    [
      'a layer on itself',
      { a: { on: 'a', packages: [] } },
      ['layers.a.on: goes round in a circle: a → a'],
    ],
    [
      'files on a branch',
      { a: { packages: [] }, site: { on: 'a', files: './x' } },
      ['layers.site.on: is not for a layer of files alone: it lies above every branch'],
    ],
    [
      'a branch on files',
      { site: { files: './x' }, a: { on: 'site', packages: [] } },
      ['layers.a.on: "site" is made of files alone; no layer lies on it'],
    ],
    ['an empty layer', { a: {} }, ['layers.a: holds nothing; give it packages, files or commands']],
  ])('refuses %s', (_, layers, expected) => {
    expect(problems(layers)).toEqual(expected);
  });

  test('reads whatever it is given without failing', () => {
    fc.assert(fc.property(fc.anything(), (value) => void problems(value)));
  });

  test('every order puts each layer after the one below it, and holds each once', () => {
    const forest = fc.array(fc.nat(), { maxLength: 12 }).map((parents) =>
      Object.fromEntries(
        parents.map((parent, index) => {
          const below = parent % (index + 1);
          return [`l${index}`, { packages: [], ...(below < index ? { on: `l${below}` } : {}) }];
        }),
      ),
    );
    const shuffled = forest.chain((layers) =>
      fc.shuffledSubarray(Object.entries(layers), { minLength: Object.keys(layers).length }),
    );
    fc.assert(
      fc.property(shuffled, (entries) => {
        const layers = viewLayers(Object.fromEntries(entries));
        const order = layerOrder(layers);
        expect([...order].sort()).toEqual([...layers.keys()].sort());
        for (const { name, on } of layers.values()) {
          expect(on === undefined ? -1 : order.indexOf(on)).toBeLessThan(order.indexOf(name));
        }
      }),
    );
  });
});
