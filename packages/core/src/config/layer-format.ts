import { entriesOf } from './layer-tree.ts';
import type { Problem } from './problem.ts';

/** Compressors of erofs that every kernel with erofs reads; others came later, one by one. */
const EROFS_ALGORITHMS: readonly unknown[] = ['lz4', 'lz4hc'];

/**
 * What of the compression does not fit the format of layers. Given are values as written, which may
 * have problems of their own.
 */
export function formatProblems(format: unknown, compression: unknown): readonly Problem[] {
  const { algorithm, level } = Object.fromEntries(entriesOf(compression));
  if (format === 'erofs') {
    if (algorithm === undefined || EROFS_ALGORITHMS.includes(algorithm)) return [];
    const text =
      'does not fit format: "erofs", for which it is lz4 or lz4hc; or write format: "squashfs"';
    return [{ path: ['compression', 'algorithm'], text }];
  }
  return algorithm === 'lz4hc' && level !== undefined
    ? [{ path: ['compression', 'level'], text: 'lz4hc has levels only with format: "erofs"' }]
    : [];
}
