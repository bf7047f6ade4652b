import { expect, it } from 'vitest';
import { withoutOctalEscapes } from './octal-escapes.ts';

it('gives back what was escaped, once', () => {
  expect(withoutOctalEscapes(String.raw`/a\040b\011c\012d`)).toBe('/a b\tc\nd');
  expect(withoutOctalEscapes(String.raw`/a\134040b`)).toBe(String.raw`/a\040b`);
});

it('leaves what is no such number alone', () => {
  expect(withoutOctalEscapes(String.raw`/a\x20\098\04`)).toBe(String.raw`/a\x20\098\04`);
});
