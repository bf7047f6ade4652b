import fc from 'fast-check';
import { expect, it } from 'vitest';
import { canonicalJson, digestOf } from './canonical.ts';

const shuffled = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(shuffled);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, inner]) => [key, shuffled(inner)] as const)
      .reverse(),
  );
};

it('equal data has equal text, in whatever order its keys were written', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(canonicalJson(shuffled(value))).toBe(canonicalJson(value));
      expect(digestOf(shuffled(value))).toBe(digestOf(value));
    }),
  );
});

it('loses nothing', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

it('the order of a list is part of the data', () => {
  expect(digestOf(['a', 'b'])).not.toBe(digestOf(['b', 'a']));
});
