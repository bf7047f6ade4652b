import { expect, it } from 'vitest';

import { printable } from './printable.ts';

it('shows any name in one line that a terminal obeys nothing in', () => {
  expect(printable('/a\nb\u001B[31m\u202Ec')).toBe(String.raw`/a\u000ab\u001b[31m\u202ec`);
  expect(printable('/Café [x] ü')).toBe('/Café [x] ü');
});
