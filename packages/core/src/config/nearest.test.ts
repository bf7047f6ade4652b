import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { didYouMean, editDistance, nearest } from './nearest.ts';

const word = fc.string({ maxLength: 12 });

describe('nearest', () => {
  test('finds a swap, a missing letter and another case', () => {
    const keys = ['layers', 'profiles', 'bootloader'];
    expect(nearest('lyaers', keys)).toBe('layers');
    expect(nearest('profile', keys)).toBe('profiles');
    expect(nearest('bootLoader', keys)).toBe('bootloader');
  });

  test('is silent when nothing is close', () => {
    expect(nearest('kernel', ['layers', 'profiles'])).toBeUndefined();
    expect(didYouMean('kernel', [])).toBe('');
  });

  test('a word among the candidates is its own nearest', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(
          word.map((w) => w.toLowerCase()),
          { minLength: 1 },
        ),
        (words) => {
          for (const w of words) expect(nearest(w, words)).toBe(w);
        },
      ),
    );
  });

  test('distances are symmetric, zero only for equals, and at most the longer length', () => {
    fc.assert(
      fc.property(word, word, (a, b) => {
        const distance = editDistance(a, b);
        expect(distance).toBe(editDistance(b, a));
        expect(distance === 0).toBe(a === b);
        expect(distance).toBeLessThanOrEqual(Math.max(a.length, b.length));
      }),
    );
  });
});
