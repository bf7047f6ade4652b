import { posix } from 'node:path';

import type { Plan } from '@livesys/core';
import { assertSafe, operationTexts, showText } from '@livesys/core/testing';
import { runtime } from '@livesys/runtime';
import { beforeAll, describe, expect, test } from 'vitest';

import { defaults } from '../../packages/cli/src/engine/builtins.ts';
import { BASE_TOOLS } from '../../packages/plugin-testkit/src/rules/base-tools.ts';
import { reachesNetwork } from '../../packages/plugin-testkit/src/rules/network.ts';
import { EXAMPLES } from './support/examples.ts';
import { FOLDER, loadExample, planImageOf, planSourceOf } from './support/plan.ts';
import { commandsOf, mediumFiles, neededTasks, outputOf, taskOf } from './support/reading.ts';

const STEPS = ['installFilesystems', 'prepareImage', 'buildInitramfs', 'installBootloader'];
/** Folders that tasks of the tools tree may name: their own, and those of installed programs. */
const OWN = /^\/(tmp|var\/tmp|usr|boot|dev\/null|livesys|EFI|efi)(\/|$)/;

const { distros, initramfs, bootloader } = defaults();

describe.each(EXAMPLES)('$name', ({ file, release, makesSource }) => {
  let image: Plan;
  let plans: readonly Plan[];
  let needs: ReadonlySet<string>;

  beforeAll(async () => {
    const config = await loadExample(file);
    image = await planImageOf(config, release);
    plans = makesSource ? [await planSourceOf(config), image] : [image];
    const plugins = [...distros, initramfs, bootloader, ...config.outputs, ...config.plugins];
    const named = [
      ...plugins.flatMap((plugin) => plugin.needs ?? []),
      ...distros.flatMap((distro) => distro.bootstrapNeeds ?? []),
    ];
    needs = new Set([...BASE_TOOLS, ...named.map(({ name }) => name)]);
  });

  test('keeps every safety rule', () => {
    for (const plan of plans) assertSafe(plan, { cache: '/var/cache/livesys' });
  });

  test('reaches for the network only where the plan says so', () => {
    for (const task of plans.flatMap(({ tasks }) => tasks)) {
      const reaching = commandsOf(task).filter((argv) => reachesNetwork(argv));
      expect([task.id, task.network]).toEqual([task.id, reaching.length > 0]);
    }
  });

  test('runs tools that are declared, and none of the builder once the source is there', () => {
    for (const { tasks } of plans) {
      for (const task of tasks.filter(({ place }) => place.kind !== 'layer')) {
        const programs = commandsOf(task).map(([program = '']) => program);
        expect(programs.filter((program) => !needs.has(program))).toEqual([]);
      }
    }
    const onBuilder = image.tasks.filter(({ place }) => place.kind === 'builder');
    expect(onBuilder.flatMap(commandsOf)).toEqual([]);
  });

  test('names no path outside of the roots of its tasks', () => {
    for (const task of image.tasks.filter(({ place }) => place.kind === 'tools')) {
      const texts = task.operations.flatMap(operationTexts).map(showText);
      const paths = texts.filter((text) => /^\/[^\s]*$/.test(text) && text !== '/');
      expect(paths.filter((path) => !OWN.test(path))).toEqual([]);
    }
    const outputs = image.tasks.flatMap(({ result }) =>
      result.kind === 'output' ? [posix.dirname(result.path)] : [],
    );
    expect(outputs).toEqual([`${FOLDER}/dist`]);
  });

  test('goes through the steps in their order, each task after what it reads', () => {
    const steps = image.tasks.map(({ step }) => STEPS.indexOf(step));
    expect(steps).toEqual(steps.toSorted((one, other) => one - other));
    const done = new Set<string>();
    for (const task of image.tasks) {
      expect(neededTasks(image, task).filter((id) => !done.has(id))).toEqual([]);
      done.add(task.id);
    }
    expect(image.tasks[0]?.id).toBe('tree:tools');
    expect(image.tasks.at(-1)).toBe(outputOf(image));
  });

  test('compresses the base from the source itself, and nothing else reads or changes it', () => {
    const base = taskOf(image, 'layer:base');
    expect(base.place).toMatchObject({ kind: 'tools', tree: 'tree:tools' });
    expect(base.inputs).toHaveLength(1);
    expect(base.inputs).toMatchObject([{ kind: 'topLayer', tree: 'source:base' }]);
    expect(image.trees['source:base']?.layers.map(({ kind }) => kind)).toEqual([
      makesSource ? 'cached' : 'directory',
    ]);
    expect(image.tasks.filter(({ result }) => result.kind === 'root').map(({ id }) => id)).toEqual(
      image.tasks.map(({ id }) => id).filter((id) => id === 'tree:site'),
    );
  });

  test('packs all of the runtime into the initramfs', () => {
    const task = image.tasks.find(({ id }) => id.startsWith('initramfs:'));
    const copied = (task?.operations ?? []).flatMap((operation) =>
      operation.kind === 'copy' ? [showText(operation.to)] : [],
    );
    for (const { path } of runtime().initramfs.files) {
      expect(copied.filter((to) => to.endsWith(path))).toHaveLength(1);
    }
  });

  test('puts manifest, marker, layers, kernel and loader on the medium', () => {
    const files = mediumFiles(image);
    const layers = image.tasks.filter(({ id }) => id.startsWith('layer:'));
    const onMedium = files.filter((path) => path.startsWith('/livesys/layers/'));
    expect(onMedium).toHaveLength(layers.length);
    expect(files).toEqual(
      expect.arrayContaining([
        '/livesys/id/${image:manifest/id}',
        '/livesys/manifest',
        '/livesys/manifest.json',
        expect.stringMatching(/^\/livesys\/layers\/base-\$\{layer:base\/hash\}\.(squashfs|erofs)$/),
        expect.stringMatching(/^\/livesys\/boot\/[^/]+\/vmlinuz$/),
        expect.stringMatching(/^\/livesys\/boot\/[^/]+\/initrd$/),
        '/boot/grub/grub.cfg',
        '/EFI/BOOT/BOOTX64.EFI',
      ]),
    );
  });
});

const EXPECTED = [
  { name: 'minimal', profiles: [['live', ['base', 'fixups']]] },
  {
    name: 'layers-and-profiles',
    profiles: [
      ['office', ['base', 'packages', 'repair', 'desktop', 'site', 'fixups']],
      ['rescue', ['base', 'packages', 'repair', 'fixups-rescue']],
    ],
  },
  {
    name: 'persistent-stick',
    profiles: [
      ['office', ['base', 'packages', 'repair', 'office', 'fixups']],
      ['rescue', ['base', 'packages', 'repair', 'fixups-rescue']],
    ],
  },
  { name: 'yaml', profiles: [['live', ['base', 'packages', 'console', 'fixups']]] },
  { name: 'directory-source', profiles: [['live', ['base', 'fixups']]] },
  { name: 'own-plugin', profiles: [['live', ['base', 'packages', 'fixups']]] },
] as const;

test.each(EXPECTED)('the profiles of $name have their layers', async ({ name, profiles }) => {
  const found = EXAMPLES.find((example) => example.name === name);
  if (found === undefined) throw new Error(`there is no example ${name}`);
  const plan = await planImageOf(await loadExample(found.file), found.release);
  const [operation] = taskOf(plan, 'image:manifest').operations;
  if (operation?.kind !== 'manifest') throw new Error('the manifest is not written');
  expect(operation.image.profiles.map((one) => [one.name, one.layers])).toEqual(profiles);
});
