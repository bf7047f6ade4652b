import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { Plan } from '../../packages/core/src/plan/model.ts';
import { callApply } from './support/caller.ts';
import { leftovers } from './support/leftovers.ts';
import { makePlan } from './support/plan.ts';
import { makeRoot } from './support/root-tree.ts';
import { run } from './support/run.ts';
import { makeWorkspace, type Workspace } from './support/workspace.ts';

let workspace: Workspace;
let root: string;
let cache: string;
beforeAll(() => {
  workspace = makeWorkspace();
  root = workspace.make('root');
  makeRoot(root, ['tar', 'mksquashfs']);
});
afterEach(() => run('umount', '--lazy', cache));
afterAll(() => workspace?.remove());

/** A cache on a disk of its own with so much room. */
function makeDisk(kib: number): void {
  cache = workspace.make(`disk-${kib}`);
  run('mount', '-t', 'tmpfs', '-o', `size=${kib}k`, 'livesys-test', cache);
}

/** What is left of a run but the disk itself. */
const left = (): readonly string[] => leftovers({ cache }).filter((one) => !one.includes('tmpfs'));

/** Layers, a compression by one command and one by two, and an output. */
function plan(output: string): Plan {
  return makePlan((plan, recorder) => {
    const base = plan.directory({ id: 'source:base', path: root });
    const layer = plan.layer({ id: 'tree:one', on: base }, (ops) => {
      for (let index = 0; index < 20; index += 1) ops.write(`/new/${index}`, 'x'.repeat(4000));
    });
    recorder.useTools(base);
    const place = { on: 'tools', mounts: {} } as const;
    const packed = plan.task({ id: 'layer:base', place, outputs: ['squashfs'] }, (ops) => {
      const options = ['-noI', '-noD', '-noF', '-noX', '-no-progress', '-exit-on-error'];
      ops.exec(['mksquashfs', ops.input({ topLayerOf: base }), ops.output('squashfs'), ...options]);
    });
    plan.task({ id: 'layer:one', place, outputs: ['squashfs'] }, (ops) => {
      const read = ['tar', '--create', '--directory', ops.input({ topLayerOf: layer }), '.'];
      ops.pipe([read, ['mksquashfs', '-', ops.output('squashfs'), '-tar', '-no-progress']]);
    });
    recorder
      .builderFor({ plugin: 'test', step: 'installBootloader' })
      .output({ id: 'output:iso', path: output, firmware: [] }, (ops) =>
        ops.exec(['cp', ops.input(packed.squashfs), ops.output('image')]),
      );
  });
}

// From the first byte that a run writes to one that nearly fits.
it.each([16, 60, 500, 2500])(
  'a disk with %i KiB that fills up: one clear message, nothing left, and with room the next run works',
  async (kib) => {
    makeDisk(kib);
    const request = {
      plan: plan(join(workspace.make(`outputs-${kib}`), 'file')),
      options: { cache },
    };
    const full = await callApply(workspace.folder, { ...request });

    expect(full.thrown).toMatchObject({ code: 'LIVESYS_NO_SPACE', exitCode: 4 });
    expect(full.thrown?.message).toMatch(/^The disk filled up/);
    expect(full.thrown?.details.join('\n')).not.toMatch(/^\s+at |Node\.js/m);
    expect(left()).toEqual([]);

    run('mount', '-o', 'remount,size=64m', cache);
    const again = await callApply(workspace.folder, {
      ...request,
      options: { cache, force: true },
    });
    expect(again).toMatchObject({ status: 0, thrown: undefined });
    expect(left()).toEqual([]);
  },
);

it('a disk of the output that fills up', async () => {
  makeDisk(64 * 1024);
  const folder = workspace.make('small-outputs');
  mkdirSync(folder, { recursive: true });
  run('mount', '-t', 'tmpfs', '-o', 'size=200k', 'livesys-test', folder);
  try {
    const output = join(folder, 'file');
    const full = await callApply(workspace.folder, { plan: plan(output), options: { cache } });

    expect(full.thrown).toMatchObject({ code: 'LIVESYS_NO_SPACE', task: 'output:iso' });
    expect(run('ls', '-A', folder)).toBe('');
  } finally {
    run('umount', '--lazy', folder);
  }
});
