import { expect, it } from 'vitest';
import { compareReleases } from './compare-releases.ts';

it('orders kernel releases by number, oldest first', () => {
  const ordered = [
    '5.10.230-1-MANJARO',
    '6.1.0-9-amd64',
    '6.1.0-10-amd64',
    '6.6.9-1-lts',
    '6.6.63-1-lts',
    '6.12.0-rc7-1-mainline',
    '6.12.0-1-cachyos',
    '6.12.1-arch1-1',
    '6.12.1-arch1-2',
    '6.12.1-arch2-1',
    '6.12.10-zen1-1-zen',
  ];
  expect(ordered.toReversed().sort(compareReleases)).toEqual(ordered);
});

it('does not mind what kind of kernel it is', () => {
  expect(compareReleases('6.12.1-arch1-1', '6.12.1-zen1-1-zen')).toBe(0);
});
