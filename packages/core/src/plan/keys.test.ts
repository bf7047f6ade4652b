import { describe, expect, it } from 'vitest';
import { blob } from '../contract/blob.ts';
import { planScans, scanName, taskKeys } from './keys.ts';
import { PLAN_FORMAT, type Plan } from './model.ts';
import { PlanRecorder } from './recorder.ts';

interface Variation {
  readonly command?: string;
  readonly blob?: string;
  readonly tools?: string;
  readonly epoch?: number;
  readonly repositories?: string;
}

/** source → packages → desktop; site beside them; everything packed with tools; an output of all. */
function samplePlan(change: Variation = {}): Plan {
  const recorder = new PlanRecorder();
  const plan = recorder.builderFor({ plugin: 'test', step: 'prepareImage' });
  const base = plan.directory({ id: 'source:base', path: '/srv/root', excludes: ['/tmp/*'] });
  const tools = plan.layer(
    { id: 'tree:tools', on: base, paths: ['/usr', '/etc/apt'], network: true },
    (ops) => {
      ops.exec(['install', change.tools ?? 'tools']);
    },
  );
  recorder.useTools(tools);
  const packages = plan.layer({ id: 'tree:packages', on: base, network: true }, (ops) => {
    ops.exec(['install', change.command ?? 'packages']);
  });
  const desktop = plan.layer({ id: 'tree:desktop', on: packages }, (ops) => ops.exec(['desktop']));
  const site = plan.root({ id: 'tree:site' }, (ops) => {
    ops.copy(ops.input(blob(change.blob ?? 'content')), ops.output('root'));
  });
  const pack = (name: string, tree: { tree: string }) =>
    plan.task(
      { id: `layer:${name}`, place: { on: 'tools', mounts: {} }, outputs: ['file', 'hash'] },
      (ops) => {
        ops.exec(['pack', ops.input({ topLayerOf: tree }), ops.output('file')]);
        ops.digest(ops.output('file'), ops.output('hash'));
      },
    );
  const packed = [pack('packages', packages), pack('desktop', desktop), pack('site', site)];
  plan.output({ id: 'output:iso', path: '/srv/out.iso', firmware: [] }, (ops) => {
    for (const { file } of packed) ops.exec(['add', ops.input(file), ops.output('image')]);
  });
  return {
    format: PLAN_FORMAT,
    wave: 'image',
    complete: true,
    architecture: 'x86_64',
    source: 'test',
    sourceDateEpoch: change.epoch ?? 1,
    repositories: change.repositories ?? 'monday',
    trees: Object.fromEntries(recorder.trees),
    tasks: recorder.tasks,
    blobs: Object.fromEntries(recorder.blobs),
    observations: [],
  };
}

/** Fingerprints as a scan would give them; `changed` tells which scans see a change. */
function fingerprintsOf(
  plan: Plan,
  changed: (paths: readonly string[] | undefined) => boolean = () => false,
) {
  return new Map(
    planScans(plan).map((scan) => [scanName(scan), changed(scan.paths) ? 'changed' : 'same']),
  );
}

function changedKeys(
  change: Variation,
  changed?: (paths: readonly string[] | undefined) => boolean,
): readonly string[] {
  const [one, other] = [samplePlan(), samplePlan(change)];
  const before = taskKeys(one, fingerprintsOf(one));
  const after = taskKeys(other, fingerprintsOf(other, changed));
  return [...before].filter(([id, { key }]) => after.get(id)?.key !== key).map(([id]) => id);
}

const EVERYTHING = samplePlan().tasks.map((task) => task.id);

describe('a change makes exactly what depends on it new', () => {
  it('nothing changed', () => expect(changedKeys({})).toEqual([]));
  it('an operation', () =>
    expect(changedKeys({ command: 'other' })).toEqual([
      'tree:packages',
      'tree:desktop',
      'layer:packages',
      'layer:desktop',
      'output:iso',
    ]));
  it('a file that a plugin ships', () =>
    expect(changedKeys({ blob: 'other' })).toEqual(['tree:site', 'layer:site', 'output:iso']));
  it('the tools', () =>
    expect(changedKeys({ tools: 'other' })).toEqual([
      'tree:tools',
      'layer:packages',
      'layer:desktop',
      'layer:site',
      'output:iso',
    ]));
  it('the date of the image', () => expect(changedKeys({ epoch: 2 })).toEqual(EVERYTHING));
  it('the repositories, for tasks with network', () =>
    expect(changedKeys({ repositories: 'tuesday' })).toEqual(
      EVERYTHING.filter((id) => id !== 'tree:site'),
    ));
  it('a file of the source that the tools do not depend on', () =>
    expect(changedKeys({}, (paths) => paths === undefined)).toEqual([
      'tree:packages',
      'tree:desktop',
      'layer:packages',
      'layer:desktop',
      'output:iso',
    ]));
  it('a file of the source that the tools depend on', () =>
    expect(changedKeys({}, () => true)).toEqual(EVERYTHING.filter((id) => id !== 'tree:site')));
});

it('looks at the source as a whole and at the paths that were vouched for, each once', () => {
  const scans = planScans(samplePlan());
  expect(scans.map((scan) => scan.paths)).toEqual([['/usr', '/etc/apt'], undefined]);
  for (const { path, leaveOut } of scans)
    expect([path, leaveOut.excludes]).toEqual(['/srv/root', ['/tmp/*']]);
});

it('a task with network never has the key of the same task without', () => {
  const plan = samplePlan({ repositories: '' });
  const offline = { ...plan, tasks: plan.tasks.map((task) => ({ ...task, network: false })) };
  const [one, other] = [plan, offline].map((either) => taskKeys(either, fingerprintsOf(either)));
  expect(one?.get('tree:packages')?.key).not.toBe(other?.get('tree:packages')?.key);
});
