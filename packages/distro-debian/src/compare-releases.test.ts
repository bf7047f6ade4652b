import { expect, it } from 'vitest';
import { compareReleases } from './compare-releases.ts';

it('orders kernel releases by number, oldest first', () => {
  const ordered = [
    '5.10.0-30-amd64',
    '6.1.0-9-amd64',
    '6.1.0-10-amd64',
    '6.1.0-10-cloud-amd64',
    '6.12.0-rc7-amd64',
    '6.12.0-1-amd64',
    '6.12.43+deb12-amd64',
    '6.12.43+deb13-amd64',
    '6.12.107+deb13-amd64',
  ];
  expect([...ordered].reverse().sort(compareReleases)).toEqual(ordered);
  expect(compareReleases('6.1.0-9-amd64', '6.1.0-9-amd64')).toBe(0);
});
