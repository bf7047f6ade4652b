import { expect, it } from 'vitest';
import type { Plan } from '../plan/model.ts';
import { goalSizes } from './goal-sizes.ts';

const planOf = (layer: object, output = 'squashfs'): Plan =>
  ({
    trees: { 'source:base': { layers: [layer] } },
    tasks: [{ id: 'layer:base', result: { kind: 'artifacts', outputs: [output] } }],
  }) as unknown as Plan;
const sizes = { bytes: new Map([['/', 1000]]), dense: new Map([['/', 200]]) };

it('estimates the base by goal; what is compressed already stays as large', () => {
  expect(goalSizes(planOf({ kind: 'mounts', mounts: [] }), sizes)).toEqual({
    fast: 500,
    balanced: 482,
    small: 430,
  });
  expect(goalSizes(planOf({ kind: 'mounts', mounts: [] }, 'erofs'), sizes)?.fast).toBe(740);
});

it('knows nothing of what is not looked at', () => {
  expect(goalSizes(planOf({ kind: 'cached', key: 'x' }), sizes)).toBeUndefined();
  expect(goalSizes(planOf({ kind: 'directory', path: '/other' }), sizes)).toBeUndefined();
});
