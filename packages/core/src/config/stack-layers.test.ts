import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { viewLayers } from './layer-tree.ts';
import { stackLayers } from './stack-layers.ts';

/** Two branches, `a0 < a1 < …` and `b0 < b1 < …`, and some layers of files. */
const branch = (letter: string, length: number) =>
  Array.from({ length }, (_, i) => [
    `${letter}${i}`,
    { packages: [], ...(i > 0 ? { on: `${letter}${i - 1}` } : {}) },
  ]);
const layers = viewLayers(
  Object.fromEntries([
    ...branch('a', 5),
    ...branch('b', 5),
    ['f', { files: 'f' }],
    ['g', { files: 'g' }],
  ]),
);
const names = fc.array(fc.constantFrom(...layers.keys()), { maxLength: 8 });

test('a stack is mixed exactly when both branches are named', () => {
  fc.assert(
    fc.property(names, (list) => {
      const both = list.some((n) => n.startsWith('a')) && list.some((n) => n.startsWith('b'));
      expect(stackLayers(list, layers).kind).toBe(both ? 'mixed' : 'stack');
    }),
  );
});

test('a stack holds what is named once, without gaps, files on top', () => {
  fc.assert(
    fc.property(names, (list) => {
      const stack = stackLayers(list, layers);
      if (stack.kind === 'mixed') return;
      const packages = stack.layers.filter((n) => !['f', 'g'].includes(n));
      const files = stack.layers.filter((n) => ['f', 'g'].includes(n));
      expect(stack.layers).toEqual([...packages, ...files]);
      expect(packages.map((n) => Number(n[1]))).toEqual(packages.map((_, index) => index));
      expect(files).toEqual([...new Set(list.filter((n) => ['f', 'g'].includes(n)))]);
      expect(list.every((n) => stack.layers.includes(n))).toBe(true);
    }),
  );
});
