import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { planScans, taskKeys } from '../plan/keys.ts';
import { PLAN_FORMAT, type Plan } from '../plan/model.ts';
import { PlanRecorder } from '../plan/recorder.ts';
import { annotatePlan } from './annotate.ts';

let cache = '';

beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'livesys-annotate-'));
});
afterEach(() => rmSync(cache, { recursive: true, force: true }));

function plan(argument: string): Plan {
  const recorder = new PlanRecorder();
  recorder
    .builderFor({ plugin: 'test', step: 'source' })
    .root({ id: 'source:base' }, (ops) => ops.exec(['true', argument]));
  return {
    ...{ format: PLAN_FORMAT, wave: 'source', complete: false, architecture: 'x86_64' },
    ...{ source: 'test', sourceDateEpoch: 0, repositories: '', blobs: {}, observations: [] },
    trees: Object.fromEntries(recorder.trees),
    tasks: recorder.tasks,
  };
}

/** Lays the record of a finished task down, as a build leaves it. */
function finish(done: Plan): void {
  expect(planScans(done)).toEqual([]);
  const found = taskKeys(done, new Map()).get('source:base');
  const folder = join(cache, 'results', found?.key ?? '');
  mkdirSync(folder, { recursive: true });
  const record = { ...found, task: 'source:base', bytes: 7, files: 1, milliseconds: 1, created: 1 };
  writeFileSync(join(folder, 'record.json'), JSON.stringify(record));
}

it('a task that never ran will run', async () => {
  const { tasks, spaceNeeded } = await annotatePlan(plan('a'), { cache });
  expect(tasks[0]).toMatchObject({ state: 'run', reason: 'not built yet' });
  expect(spaceNeeded).toBeGreaterThan(1 << 20);
});

it('a task whose key is known is cached and needs no space', async () => {
  finish(plan('a'));
  const { tasks, spaceNeeded } = await annotatePlan(plan('a'), { cache });
  expect(tasks[0]).toMatchObject({ state: 'cached' });
  expect(spaceNeeded).toBe(0);
});

it('a task that changed says what changed, and needs what it needed last', async () => {
  finish(plan('a'));
  const { tasks, spaceNeeded } = await annotatePlan(plan('b'), { cache });
  expect(tasks[0]).toMatchObject({ state: 'run', reason: 'changed: what it does' });
  expect(spaceNeeded).toBe(7);
});

it('a task that is asked for runs again', async () => {
  finish(plan('a'));
  const { tasks } = await annotatePlan(plan('a'), { cache, refresh: ['source:base'] });
  expect(tasks[0]).toMatchObject({ state: 'run', reason: 'asked for' });
});
