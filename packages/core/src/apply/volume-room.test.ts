import { expect, it } from 'vitest';
import { roomFor } from './volume-room.ts';

it('gives half of the volume, as far as an equal share of what is free goes', () => {
  const room = (extents: number, free: number, sharers: number): number =>
    roomFor({ group: 'g', name: 'v', pool: undefined, extents, free }, sharers);
  expect(room(100, 1000, 1)).toBe(50);
  expect(room(101, 1000, 3)).toBe(51);
  expect(room(100, 60, 3)).toBe(20);
  expect(room(100, 20, 1)).toBe(20);
  expect(room(100, 1, 3)).toBe(1);
  expect(room(100, 0, 3)).toBe(0);
  // More are asked for than the plan named.
  expect(room(100, 7, 0)).toBe(7);
});
