import { expect, it } from 'vitest';
import type { PlanText } from './model.ts';
import { writtenPaths } from './operations.ts';

const written = (to: PlanText) => writtenPaths({ kind: 'accessLists', of: '/tmp/dump', to });

it('names both files that access lists are written to', () => {
  expect(written('/tmp/lists')).toEqual(['/tmp/lists', '/tmp/lists.paths']);
  const output = { ref: { kind: 'content', task: 'task:one', output: 'x' } } as const;
  expect(written(['/tmp/', output])[1]).toEqual(['/tmp/', output, '.paths']);
});
