import { expect, it } from 'vitest';
import { isWhole } from './volume-snapshots.ts';

it.each([
  ['0 5120000 snapshot 128/8192 16', true],
  ['0 5120000 snapshot Invalid', false],
  ['0 5120000 snapshot Overflow', false],
  ['0 5120000 snapshot Unknown', false],
  ['0 819200 thin 70784 819199', true],
  ['0 819200 thin 0 -', true],
  ['0 819200 thin Fail', false],
  ['0 819200 thin Error', false],
  ['', false],
])('"%s" of the device mapper: whole is %s', (status, whole) => {
  expect(isWhole(status)).toBe(whole);
});
