import { describe, expect, it } from 'vitest';
import { blob } from '../contract/blob.ts';
import type { LivesysError } from '../errors/livesys-error.ts';
import { PLAN_FORMAT, type Plan } from './model.ts';
import { parsePlan } from './parse.ts';
import { PlanRecorder } from './recorder.ts';

function samplePlan(): Plan {
  const recorder = new PlanRecorder();
  const plan = recorder.builderFor({ plugin: 'test', step: 'source' });
  const shipped = blob('#!/bin/sh\n', { mode: 0o755 });
  plan.root({ id: 'source:base' }, (ops) => {
    ops.copy(ops.input(shipped), ops.output('root'));
    ops.exec(['true'], { env: { A: 'b' }, stdin: 'x' });
  });
  return {
    format: PLAN_FORMAT,
    wave: 'source',
    complete: false,
    architecture: 'x86_64',
    source: 'test',
    sourceDateEpoch: 0,
    repositories: '',
    trees: Object.fromEntries(recorder.trees),
    tasks: recorder.tasks,
    blobs: Object.fromEntries(recorder.blobs),
    observations: [],
  };
}

const copy = (): Plan => JSON.parse(JSON.stringify(samplePlan())) as Plan;

function refusal(data: unknown): LivesysError {
  try {
    parsePlan(data);
  } catch (error) {
    return error as LivesysError;
  }
  throw new Error('it was taken');
}

describe('a plan from a file', () => {
  it('is the plan that was written', () => {
    expect(parsePlan(copy())).toEqual(samplePlan());
  });

  it('may tell what was true where it was printed, which is no part of it', () => {
    expect(parsePlan({ ...copy(), here: { spaceFree: 1 } })).toEqual(samplePlan());
  });

  it.each([
    ['of another format', { ...copy(), format: 2 }, /format 2; this livesys reads format 1/],
    ['of no format', {}, /format none/],
    ['that is no object', null, /format none/],
    ['of a time that no medium can tell', { ...copy(), sourceDateEpoch: 1e12 }, /damaged/],
    ['with a member that is not known', { ...copy(), shell: 'rm' }, /damaged/],
  ])('%s is refused', (_name, data, message) => {
    const error = refusal(data);
    expect(error.code).toBe('LIVESYS_PLAN_INVALID');
    expect(error.message).toMatch(message);
  });

  it('with an operation that is not known is refused, with the place', () => {
    const plan = copy();
    const [task] = plan.tasks;
    const odd = { ...plan, tasks: [{ ...task, operations: [{ kind: 'eval', code: '1' }] }] };
    expect(refusal(odd).details.join('\n')).toContain('tasks.0.operations.0');
  });

  it('with a blob that is not what its hash says is refused', () => {
    const plan = copy();
    const blobs = Object.fromEntries(Object.keys(plan.blobs).map((name) => [name, 'AAAA']));
    expect(refusal({ ...plan, blobs }).message).toMatch(/is not what it says/);
  });
});
