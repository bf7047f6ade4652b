import { expect, it } from 'vitest';
import { PLAN_FORMAT, type Plan } from '../plan/model.ts';
import { PlanRecorder } from '../plan/recorder.ts';
import { spaceEstimate } from './space.ts';

const SOURCE = 1_000_000_000;

function plan(format: 'squashfs' | 'erofs', argv: readonly string[]): Plan {
  const recorder = new PlanRecorder();
  const builder = recorder.builderFor({ plugin: 'test', step: 'prepareImage' });
  const place = { on: 'builder', mounts: {} } as const;
  builder.task({ id: 'layer:base', place, outputs: [format] }, (ops) => ops.exec(argv));
  return {
    ...{ format: PLAN_FORMAT, wave: 'image', complete: true, architecture: 'x86_64' },
    ...{ source: 'test', sourceDateEpoch: 0, repositories: '', blobs: {}, observations: [] },
    trees: Object.fromEntries(recorder.trees),
    tasks: recorder.tasks,
  };
}

function estimate(
  format: 'squashfs' | 'erofs',
  { last, argv = ['true'] }: { readonly last?: number; readonly argv?: readonly string[] } = {},
): number {
  const made = plan(format, argv);
  const [task] = made.tasks;
  if (task === undefined) throw new Error('there is no task');
  const record = { bytes: last ?? 0, ...{ key: '', parts: {}, task: task.id } };
  const earlier = { ...record, files: 1, milliseconds: 1, created: 1 };
  const sizes = new Map([['source', SOURCE]]);
  return spaceEstimate(made, sizes)(task, last === undefined ? undefined : earlier);
}

it('a squashfs needs about half of its source', () => {
  expect(estimate('squashfs')).toBeLessThan(0.6 * SOURCE);
  expect(estimate('squashfs', { last: 7 })).toBe(7);
});

it('an erofs needs more, and room for the copy that it is made from each time', () => {
  expect(estimate('erofs')).toBeGreaterThan(1.5 * SOURCE);
  expect(estimate('erofs', { last: 7 })).toBe(SOURCE + 7);
});

it.each([
  ['squashfs', ['mksquashfs', '/', 'out', '-comp', 'zstd', '-noI', '-noD', '-noF', '-noX']],
  ['erofs', ['mkfs.erofs', '--quiet', 'out', '/unpacked']],
] as const)('a %s without compression needs all of it', (format, argv) => {
  const copy = format === 'erofs' ? SOURCE : 0;
  expect(estimate(format, { argv })).toBe(SOURCE + copy);
});
