import { describe, expect, it } from 'vitest';
import { blob } from '../contract/blob.ts';
import { text } from '../contract/values.ts';
import { PlanRecorder, type CorePlanBuilder } from './recorder.ts';

function recording(): { recorder: PlanRecorder; plan: CorePlanBuilder } {
  const recorder = new PlanRecorder();
  return { recorder, plan: recorder.builderFor({ plugin: 'livesys-test', step: 'prepareImage' }) };
}

it('attributes a task to who planned it and fills in what was left out', () => {
  const { recorder, plan } = recording();
  const base = plan.directory({ id: 'source:base', path: '/srv/root' });
  plan.task({ id: 'task:one', place: { chroot: base }, outputs: ['out'] }, (ops) =>
    ops.exec(['true']),
  );
  expect(recorder.tasks).toEqual([
    {
      id: 'task:one',
      title: 'task:one',
      step: 'prepareImage',
      plugin: 'livesys-test',
      place: { kind: 'chroot', tree: 'source:base' },
      inputs: [],
      result: { kind: 'artifacts', outputs: ['out'] },
      network: false,
      heavy: false,
      downloads: [],
      operations: [{ kind: 'exec', argv: ['true'] }],
    },
  ]);
});

it('a layer leaves the tree below as it is and makes a new one', () => {
  const { recorder, plan } = recording();
  const base = plan.directory({ id: 'source:base', path: '/srv/root' });
  const one = plan.layer({ id: 'tree:one', on: base }, () => undefined);
  plan.layer({ id: 'tree:two', on: one }, () => undefined);
  const kinds = [...recorder.trees].map(([id, tree]) => [
    id,
    tree.layers.map((layer) => layer.kind),
  ]);
  expect(kinds).toEqual([
    ['source:base', ['directory']],
    ['tree:one', ['directory', 'task']],
    ['tree:two', ['directory', 'task', 'task']],
  ]);
});

it('stacks only the top layer of a tree', () => {
  const { recorder, plan } = recording();
  const base = plan.directory({ id: 'source:base', path: '/srv/root' });
  const branch = plan.layer({ id: 'tree:branch', on: base }, () => undefined);
  const files = plan.root({ id: 'tree:files' }, () => undefined);
  const stack = plan.stack(branch, files);
  expect(recorder.trees.get(stack.tree)?.layers).toEqual([
    { kind: 'directory', path: '/srv/root' },
    { kind: 'task', task: 'tree:branch' },
    { kind: 'task', task: 'tree:files' },
  ]);
});

it('gives an input one place, however often it is asked for', () => {
  const { recorder, plan } = recording();
  const made = plan.root({ id: 'tree:made' }, () => undefined);
  const file = blob('content', { mode: 0o755 });
  plan.layer({ id: 'tree:one', on: made }, (ops) => {
    const [first, second, other] = [ops.input(file), ops.input(file), ops.input({ tree: made })];
    expect(second).toBe(first);
    expect(other).not.toBe(first);
  });
  expect(recorder.tasks.at(-1)?.inputs.map((input) => input.at)).toEqual([
    '/tmp/livesys/in/0',
    '/tmp/livesys/in/1',
  ]);
  expect(recorder.blobs.get(file.sha256)).toBe(Buffer.from('content').toString('base64'));
});

it('what a plugin gives is copied: changing it later changes no plan', () => {
  const { recorder, plan } = recording();
  const base = plan.directory({ id: 'source:base', path: '/srv/root' });
  const argv = ['echo', 'before'];
  const env: Record<string, string> = { NAME: 'before' };
  const paths = ['/before'];
  plan.layer({ id: 'tree:one', on: base, paths }, (ops) => ops.exec(argv, { env }));
  argv[1] = 'after';
  env['NAME'] = 'after';
  paths[0] = '/after';
  expect(JSON.stringify([recorder.tasks, [...recorder.trees]])).not.toContain('after');
});

it('a value known only while applying is a reference in the plan', () => {
  const { recorder, plan } = recording();
  const base = plan.directory({ id: 'source:base', path: '/srv/root' });
  const { id } = plan.task(
    { id: 'image:manifest', place: { chroot: base }, outputs: ['id'] },
    () => undefined,
  );
  plan.layer({ id: 'tree:one', on: base }, (ops) => ops.write(text`/etc/${plan.content(id)}`, 'x'));
  expect(recorder.tasks.at(-1)?.operations).toEqual([
    {
      kind: 'write',
      path: ['/etc/', { ref: { kind: 'content', task: 'image:manifest', output: 'id' } }],
      content: 'x',
      mode: 0o644,
    },
  ]);
});

describe('a defect of a plugin is named', () => {
  it.each<[string, (plan: CorePlanBuilder) => unknown, RegExp]>([
    [
      'two tasks of one id',
      (plan) => [1, 2].map(() => plan.root({ id: 'tree:one' }, () => undefined)),
      /Two tasks are named tree:one/,
    ],
    [
      'a tree that nothing made',
      (plan) => plan.layer({ id: 'tree:one', on: { tree: 'tree:none' } }, () => undefined),
      /tree:none/,
    ],
    [
      'a blob of unknown content',
      (plan) =>
        plan.root(
          { id: 'tree:one' },
          (ops) => void ops.input({ sha256: 'f'.repeat(64), mode: 0o644 }),
        ),
      /blob/,
    ],
    [
      'tools before there are any',
      (plan) =>
        plan.task(
          { id: 'task:one', place: { on: 'tools', mounts: {} }, outputs: [] },
          () => undefined,
        ),
      /tools tree/,
    ],
    [
      'an output that was not declared',
      (plan) => plan.root({ id: 'tree:one' }, (ops) => void ops.output('other')),
      /"other" is not an output/,
    ],
    [
      'a command without a program',
      (plan) => plan.root({ id: 'tree:one' }, (ops) => ops.exec([])),
      /at least a program/,
    ],
  ])('%s', (_, act, message) => {
    expect(() => act(recording().plan)).toThrow(message);
  });
});
