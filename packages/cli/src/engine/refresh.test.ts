import type { Plan } from '@livesys/core';
import { expect, it } from 'vitest';
import { refreshedTasks } from './refresh.ts';

const task = (id: string, reads: readonly string[] = []): object => ({
  ...{ id, operations: [], downloads: [], place: { kind: 'builder', mounts: {} } },
  inputs: reads.map((from) => ({ kind: 'artifact', task: from, output: 'out', at: '/in' })),
});
const PLAN = {
  ...{ complete: true, trees: {} },
  tasks: [task('tree:tools'), task('a:1', ['tree:tools']), task('b:1'), task('c:1', ['a:1'])],
} as unknown as Plan;

it.each([
  ['tools', ['tree:tools', 'a:1', 'c:1']],
  ['a:1', ['a:1', 'c:1']],
  ['source', ['tree:tools', 'a:1', 'b:1', 'c:1']],
  ['packages', []],
])('makes %s again, and all that reads from it', (word, ids) => {
  expect(refreshedTasks(PLAN, [word])).toEqual(ids);
});

it('names what comes nearest to an unknown word', () => {
  expect(() => refreshedTasks(PLAN, ['tool'])).toThrow(/nothing named "tool".*"tools"/);
});
