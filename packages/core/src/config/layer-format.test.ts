import { expect, test } from 'vitest';
import { formatProblems } from './layer-format.ts';

test.each([
  ['squashfs', 'balanced'],
  ['squashfs', { algorithm: 'zstd', level: 3 }],
  ['squashfs', { algorithm: 'lz4hc' }],
  ['erofs', 'small'],
  ['erofs', undefined],
  ['erofs', { algorithm: 'lz4hc', level: 12 }],
  ['erofs', { algorithm: 'lz4', block: '64K' }],
])('%s goes with %j', (format, compression) => {
  expect(formatProblems(format, compression)).toEqual([]);
});

test.each(['zstd', 'xz', 'gzip', 'lzo'])(
  'erofs does not go with %s, and both are named',
  (algorithm) => {
    const [problem, ...more] = formatProblems('erofs', { algorithm });

    expect(more).toEqual([]);
    expect(problem?.path).toEqual(['compression', 'algorithm']);
    expect(problem?.text).toMatch(/"erofs".*lz4hc.*"squashfs"/);
  },
);

test('a level of lz4hc is for erofs', () => {
  expect(formatProblems('squashfs', { algorithm: 'lz4hc', level: 3 })).toMatchObject([
    { path: ['compression', 'level'] },
  ]);
});
