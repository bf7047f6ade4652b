import { expect, test } from 'vitest';
import { blockBytes, resolveCompression } from './compression.ts';

test('goals become settings of the compressor', () => {
  expect(resolveCompression('fast', 'squashfs')).toEqual({
    algorithm: 'zstd',
    level: 3,
    block: 131_072,
  });
  expect(resolveCompression('small', 'squashfs')).toEqual({
    algorithm: 'xz',
    level: undefined,
    block: 1_048_576,
  });
});

test.each(['fast', 'balanced', 'small'] as const)(
  '%s is what every kernel with erofs reads',
  (goal) => {
    expect(resolveCompression(goal, 'erofs').algorithm).toMatch(/^lz4(hc)?$/);
  },
);

test.each(['squashfs', 'erofs'] as const)('%s can do without compression', (format) => {
  expect(resolveCompression('none', format)).toMatchObject({ algorithm: 'none', level: undefined });
});

test('exact settings keep what is written', () => {
  expect(resolveCompression({ algorithm: 'gzip', level: 9, block: '1M' }, 'squashfs')).toEqual({
    algorithm: 'gzip',
    level: 9,
    block: 1_048_576,
  });
  expect(resolveCompression({ algorithm: 'lz4' }, 'squashfs').block).toBe(131_072);
  expect(resolveCompression({ algorithm: 'lz4' }, 'erofs').block).toBe(65_536);
});

test.each(['2K', '3K', '2M', '', 'big', 100, -4096, 4096.5])('refuses %j as a block', (block) => {
  expect(blockBytes(block)).toBeUndefined();
});

test('takes every block that squashfs can have', () => {
  for (let bytes = 4096; bytes <= 1_048_576; bytes *= 2) expect(blockBytes(bytes)).toBe(bytes);
});
