import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';

import { testTitles } from '../support/test-titles.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** One way in which a boot can go, and what shows that it goes well. */
interface Row {
  readonly id: string;
  /** It has to be shown by a test; a reason is not enough. */
  readonly starred: boolean;
  readonly scenario: string;
  /** By file, the full titles of tests: `group > test`. */
  readonly tests?: Readonly<Record<string, readonly string[]>>;
  /** Why there is no test, so that a person can check it. */
  readonly reason?: string;
}

const rows = JSON.parse(readFileSync(`${root}test/boot/matrix.json`, 'utf8')) as readonly Row[];
/** How many scenarios each group has. */
const GROUPS = { A: 9, B: 3, C: 4, D: 8, E: 5, F: 11, G: 6, H: 9 };
const SENTENCE = /^[A-Z].{60,}\.$/;

function problems({ starred, tests = {}, reason }: Row): string[] {
  const shown = Object.values(tests).flat().length > 0;
  const found = [];
  if (!shown && reason === undefined) found.push('no test and no reason');
  if (!shown && starred) found.push('a starred row needs a test');
  if (starred && reason !== undefined) found.push('a starred row takes no reason');
  if (reason !== undefined && !SENTENCE.test(reason)) found.push('the reason is no sentence');
  return found;
}

describe('the matrix of boots', () => {
  it('has every scenario once, in order', () => {
    const ids = Object.entries(GROUPS).flatMap(([group, count]) =>
      Array.from({ length: count }, (_, index) => `${group}${index + 1}`),
    );
    expect(rows.map(({ id }) => id)).toEqual(ids);
    expect(rows.filter(({ starred }) => starred)).toHaveLength(18);
  });

  it.each(rows)('$id is shown by tests, or says why not', (row) => {
    expect(problems(row)).toEqual([]);
  });

  it.each(rows)('$id names tests that there are', ({ tests = {} }) => {
    for (const [file, titles] of Object.entries(tests)) {
      expect(testTitles(readFileSync(root + file, 'utf8'))).toEqual(
        expect.arrayContaining([...titles]),
      );
    }
  });
});

describe('titles of tests', () => {
  it('are found in groups and tables, without those that are skipped', () => {
    const text = `
      describe.each([1])('a %i', () => {
        it('b', () => { it('not a test', () => {}); });
        describe('c', () => { it.each([[1], [2]])('d %s', () => {}); it.skip('e', () => {}); });
      });
      it('f', async () => {});
    `;
    expect(testTitles(text)).toEqual(['a %i > b', 'a %i > c > d %s', 'f']);
  });
});
