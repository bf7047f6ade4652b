import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isErrorCode, isLivesysError, LivesysError } from './livesys-error.ts';
import { ERRORS, type ErrorCode } from './table.ts';

const codes = Object.keys(ERRORS) as ErrorCode[];

describe.each(codes)('%s', (code) => {
  const { exitCode, title, hint } = ERRORS[code];

  it('is of the form LIVESYS_AREA_PROBLEM', () =>
    expect(code).toMatch(/^LIVESYS_[A-Z]+(_[A-Z]+)*$/));
  it('has one of the documented exit codes', () =>
    expect([1, 2, 3, 4, 5, 6, 7, 130, 143]).toContain(exitCode));
  it('says what is wrong, as a title', () => {
    expect(title).toMatch(/^[A-Z]/);
    expect(title).not.toMatch(/error|\.$/i);
  });
  it('says what to do, as a sentence', () => {
    expect(hint).toMatch(/^[A-Z].*\.$/);
    expect(hint).not.toBe(title);
  });
});

it('no code stands there twice', () => {
  const source = readFileSync(new URL('./table.ts', import.meta.url), 'utf8');
  const written = [...source.matchAll(/^ {2}(LIVESYS_\w+): row\(/gm)].map((match) => match[1]);
  expect(written).toEqual(codes);
});

it('an error has what the table says, unless its place knows better', () => {
  expect(new LivesysError('LIVESYS_NO_SPACE', 'full')).toMatchObject({
    exitCode: 4,
    hint: ERRORS.LIVESYS_NO_SPACE.hint,
    details: [],
  });
  expect(new LivesysError('LIVESYS_NO_SPACE', 'full', { hint: 'Empty the bin.' }).hint).toBe(
    'Empty the bin.',
  );
});

it('is known by its code, also from another copy of this package', () => {
  const foreign = Object.assign(new Error('x'), { code: 'LIVESYS_NO_SPACE' });
  expect(isLivesysError(foreign)).toBe(true);
  for (const other of [
    new Error('x'),
    Object.assign(new Error('x'), { code: 'ENOENT' }),
    { code: 'LIVESYS_NO_SPACE' },
    null,
    'x',
  ]) {
    expect(isLivesysError(other)).toBe(false);
  }
});

it.each(['toString', 'constructor', '__proto__', 'hasOwnProperty'])('%s is no code', (name) => {
  expect(isErrorCode(name)).toBe(false);
  expect(isLivesysError(Object.assign(new Error('x'), { code: name }))).toBe(false);
});
