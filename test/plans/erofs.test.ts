import type { Plan } from '@livesys/core';
import { beforeAll, expect, test } from 'vitest';

import { loadExample, planImageOf } from './support/plan.ts';
import { commandsOf, mediumFiles, taskOf } from './support/reading.ts';

// What the plan of layers in another format means: examples/directory-source.

let plan: Plan;
beforeAll(async () => {
  const config = await loadExample('examples/directory-source/livesys.config.ts');
  plan = await planImageOf(config, 'bookworm');
});

const packing = (layer: string): readonly string[] =>
  commandsOf(taskOf(plan, layer)).find(([program]) => program === 'mkfs.erofs') ?? [];

test('every layer is an erofs: on the medium, in the manifest, and nothing makes a squashfs', () => {
  const layers = mediumFiles(plan).filter((path) => path.startsWith('/livesys/layers/'));
  expect(layers.map((path) => path.replace(/.*\./, ''))).toEqual(['erofs', 'erofs']);
  const [manifest] = taskOf(plan, 'image:manifest').operations;
  if (manifest?.kind !== 'manifest') throw new Error('the manifest is not written');
  expect(manifest.image.layers.map(({ format }) => format)).toEqual(['erofs', 'erofs']);
  const programs = plan.tasks.flatMap(commandsOf).map(([program]) => program);
  expect(programs).not.toContain('mksquashfs');
});

test('the kernel of Debian 12 reads the compression, and the initramfs must have the driver', () => {
  expect(packing('layer:base')).toContain('-zlz4hc,9');
  const initramfs = plan.tasks.find(({ id }) => id.startsWith('initramfs:'));
  expect(JSON.stringify(initramfs?.operations)).toContain('module required erofs');
});

test('nothing is left to chance: each layer has an id of its own, and the date is that of the image', () => {
  const ids = ['layer:base', 'layer:fixups'].map(
    (layer) => packing(layer).find((word) => word.startsWith('-U')) ?? '',
  );
  expect(ids).toEqual([expect.stringMatching(/^-U[0-9a-f-]{36}$/), expect.any(String)]);
  expect(new Set(ids).size).toBe(2);
  const [tar = []] = commandsOf(taskOf(plan, 'layer:base')).filter((words) =>
    words.includes('--create'),
  );
  expect(tar).toContain('--clamp-mtime');
});

test('what is left out of the base is hidden from the copy that it is made from', () => {
  const base = taskOf(plan, 'layer:base');
  const [tar = []] = commandsOf(base).filter((words) => words.includes('--create'));
  expect(tar).toContain('--sparse');
  expect(tar.filter((word) => word.startsWith('--exclude'))).toEqual([]);
  expect(base.inputs).toMatchObject([{ kind: 'topLayer', tree: 'source:base' }]);
  expect(plan.trees['source:base']?.layers[0]).toMatchObject({
    leaveOut: { excludes: expect.arrayContaining(['/srv/*']) },
  });
});
