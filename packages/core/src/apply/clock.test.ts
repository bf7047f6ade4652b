import { expect, it } from 'vitest';
import { clockWarning } from './clock.ts';

const DATE = 1_700_000_000;

it('says nothing when the clock is at the date of the image or past it', () => {
  expect(clockWarning(DATE, DATE * 1000)).toBeUndefined();
  expect(clockWarning(DATE, DATE * 1000 + 4e11)).toBeUndefined();
  expect(clockWarning(0, DATE * 1000)).toBeUndefined();
});

it('warns of a clock that is behind, with both dates', () => {
  expect(clockWarning(DATE, 981_173_106_000)).toBe(
    'the clock of this machine (2001-02-03T04:05:06.000Z) is behind the date of the source (2023-11-14T22:13:20.000Z): the result differs from that of a machine whose clock is right',
  );
});
