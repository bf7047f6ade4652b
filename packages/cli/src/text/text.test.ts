import { describe, expect, it } from 'vitest';

import { alignColumns, cutLine } from './columns.ts';
import { formatDuration } from './duration.ts';
import { formatSize, parseMebibytes } from './size.ts';

describe('text for people', () => {
  it.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1024, '1.0 KiB'],
    [1024 ** 2 - 1, '1.0 MiB'],
    [1.2 * 1024 ** 3, '1.2 GiB'],
    [9.96 * 1024 ** 3, '10 GiB'],
    [212 * 1024 ** 3, '212 GiB'],
  ])('%d bytes are %s', (bytes, text) => {
    expect(formatSize(bytes)).toBe(text);
  });

  it.each([
    [40, '0.0 s'],
    [9949, '9.9 s'],
    [27_400, '27 s'],
    [59_600, '1 m 0 s'],
    [192_000, '3 m 12 s'],
    [3_900_000, '1 h 5 m'],
  ])('%d ms are %s', (milliseconds, text) => {
    expect(formatDuration(milliseconds)).toBe(text);
  });

  it.each([
    ['2048', 2048],
    ['2G', 2048],
    ['1.5GiB', 1536],
    ['512m', 512],
    ['0', undefined],
    ['much', undefined],
    ['-1', undefined],
  ])('a memory size of %s is %s MiB', (text, mebibytes) => {
    expect(parseMebibytes(text)).toBe(mebibytes);
  });

  it('aligns columns and leaves no blanks at the end', () => {
    expect(
      alignColumns(
        [
          ['a', 'bb', ''],
          ['ccc', 'd', 'e'],
        ],
        ' ',
      ),
    ).toEqual([' a    bb', ' ccc  d   e']);
  });

  it('shows where a line was cut', () => {
    expect(cutLine('abcdef', 4)).toBe('abc…');
    expect(cutLine('abcd', 4)).toBe('abcd');
  });
});
