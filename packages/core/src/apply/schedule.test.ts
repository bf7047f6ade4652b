import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Plan, PlanTask } from '../plan/model.ts';
import { dependencies, schedule, tasksUntil } from './schedule.ts';

interface Sketch {
  readonly id: string;
  readonly needs?: readonly string[];
  readonly heavy?: boolean;
  readonly downloads?: readonly string[];
}

const taskOf = ({ id, needs = [], heavy = false, downloads = [] }: Sketch): PlanTask => ({
  id,
  title: id,
  step: 'prepareImage',
  plugin: 'test',
  place: { kind: 'builder', mounts: {} },
  inputs: needs.map((task, index) => ({
    at: `/tmp/livesys/in/${index}`,
    kind: 'artifact',
    task,
    output: 'x',
  })),
  result: { kind: 'artifacts', outputs: ['x'] },
  network: false,
  heavy,
  downloads: downloads.map((name) => ({ name, at: '/x' })),
  operations: [],
});

const planOf = (sketches: readonly Sketch[]) =>
  ({ trees: {}, tasks: sketches.map(taskOf) }) as unknown as Plan;

/** Carries sketches out, each task taking a turn, and writes down who ran beside whom. */
async function carryOut(
  sketches: readonly Sketch[],
  options: { width?: number; fails?: readonly string[] } = {},
) {
  const plan = planOf(sketches);
  const running = new Set<string>();
  const [started, ended, together]: [string[], string[], string[][]] = [[], [], []];
  const startedAfter = new Map<string, readonly string[]>();
  const result = await schedule({
    tasks: plan.tasks,
    dependencies: dependencies(plan),
    width: options.width ?? 99,
    run: async ({ id }) => {
      started.push(id);
      startedAfter.set(id, [...ended]);
      running.add(id);
      together.push([...running]);
      for (let turn = 0; turn < 1 + (id.length % 3); turn += 1) await Promise.resolve();
      running.delete(id);
      ended.push(id);
      if (options.fails?.includes(id)) throw new Error(`${id} failed`);
    },
  }).then(
    () => undefined,
    (error: unknown) => (error as Error).message,
  );
  return { result, started, ended, together, startedAfter };
}

it('runs side by side what does not depend on each other', async () => {
  const { together } = await carryOut([{ id: 'a:1' }, { id: 'a:2' }, { id: 'a:3' }]);
  expect(together.at(-1)).toEqual(['a:1', 'a:2', 'a:3']);
});

it('never has more at the same time than its width', async () => {
  const { together } = await carryOut(
    [{ id: 'a:1' }, { id: 'a:2' }, { id: 'a:3' }, { id: 'a:4' }],
    { width: 2 },
  );
  expect(Math.max(...together.map((ids) => ids.length))).toBe(2);
});

it('runs one heavy task at a time, and others beside it', async () => {
  const { together } = await carryOut([
    { id: 'h:1', heavy: true },
    { id: 'h:2', heavy: true },
    { id: 'a:1' },
  ]);
  expect(together.some((ids) => ids.includes('h:1') && ids.includes('h:2'))).toBe(false);
  expect(together.some((ids) => ids.includes('h:1') && ids.includes('a:1'))).toBe(true);
});

it('never runs two tasks that use the same downloads', async () => {
  const { together } = await carryOut([
    { id: 'a:1', downloads: ['apt'] },
    { id: 'a:2', downloads: ['npm', 'apt'] },
    { id: 'a:3', downloads: ['npm'] },
  ]);
  for (const pair of [
    ['a:1', 'a:2'],
    ['a:2', 'a:3'],
  ]) {
    expect(together.some((ids) => pair.every((id) => ids.includes(id)))).toBe(false);
  }
  expect(together.some((ids) => ids.includes('a:1') && ids.includes('a:3'))).toBe(true);
});

describe('after a failure', () => {
  const sketches = [
    { id: 'a:1' },
    { id: 'a:22' },
    { id: 'b:1', needs: ['a:1'] },
    { id: 'b:2', needs: ['a:22'] },
  ];

  it('nothing new starts, what runs is waited for, and the failure is what is thrown', async () => {
    const { result, started, ended } = await carryOut(sketches, { fails: ['a:1'] });
    expect(result).toBe('a:1 failed');
    expect(started).toEqual(['a:1', 'a:22']);
    expect(ended).toHaveLength(2);
  });
});

it('tasks that wait for each other are an error and not a silence', async () => {
  const { result } = await carryOut([
    { id: 'a:1', needs: ['a:2'] },
    { id: 'a:2', needs: ['a:1'] },
  ]);
  expect(result).toMatch(/wait for each other: a:1, a:2/);
});

it('until: only what the task needs, in the order of the plan', () => {
  const plan = planOf([
    { id: 'a:1' },
    { id: 'a:2' },
    { id: 'b:1', needs: ['a:2'] },
    { id: 'c:1', needs: ['b:1', 'a:1'] },
    { id: 'd:1', needs: ['b:1'] },
  ]);
  expect(tasksUntil(plan, 'd:1').map((task) => task.id)).toEqual(['a:2', 'b:1', 'd:1']);
});

it('property: every task runs once, after all it needs', async () => {
  const sketch = fc.array(
    fc.tuple(fc.array(fc.nat(), { maxLength: 3 }), fc.boolean(), fc.subarray(['apt', 'npm'])),
    { maxLength: 12 },
  );
  await fc.assert(
    fc.asyncProperty(sketch, fc.integer({ min: 1, max: 4 }), async (drawn, width) => {
      const sketches = drawn.map(([needs, heavy, downloads], index) => ({
        id: `t:${'x'.repeat(index)}`,
        needs: index === 0 ? [] : needs.map((need) => `t:${'x'.repeat(need % index)}`),
        heavy,
        downloads,
      }));
      const { result, started, startedAfter } = await carryOut(sketches, { width });
      expect(result).toBeUndefined();
      expect([...started].sort()).toEqual(sketches.map(({ id }) => id).sort());
      for (const { id, needs } of sketches) {
        for (const need of needs) expect(startedAfter.get(id)).toContain(need);
      }
    }),
  );
});
