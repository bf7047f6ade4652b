import type { Plan } from '@livesys/core';
import { showText } from '@livesys/core/testing';
import { beforeAll, expect, test } from 'vitest';

import { loadExample, planImageOf } from './support/plan.ts';
import { commandsOf, outputOf, taskOf } from './support/reading.ts';

// What the plan of a stick means: examples/persistent-stick.

let plan: Plan;
beforeAll(async () => {
  const config = await loadExample('examples/persistent-stick/livesys.config.ts');
  plan = await planImageOf(config, 'trixie');
});

test('four partitions: boot code, loader, layers that take the rest, room for changes', () => {
  const table = outputOf(plan).operations.find((one) => one.kind === 'partition');
  if (table === undefined) throw new Error('there is no table');
  expect(showText(table.id)).toBe('${image:manifest/id}');
  expect(table.active).toBe(true);
  expect(table.partitions.map(({ number, name, size }) => [number, name, size])).toEqual([
    [1, '', { of: expect.stringMatching(/-core$/) }],
    [2, '', { of: expect.stringMatching(/-image$/) }],
    [3, 'LIVESYS-LAYERS', 'rest'],
    [4, 'LIVESYS-DATA', { of: '/tmp/disk/data' }],
  ]);
});

test('the layers go straight into the image, and no time or chance goes with them', () => {
  const commands = commandsOf(outputOf(plan));
  const [xorriso = [], dd = []] = commands.slice(commands.findIndex(([one]) => one === 'xorriso'));
  expect(xorriso.slice(0, 5)).toEqual(['xorriso', '-abort_on', 'FAILURE', '-outdev', '-']);
  expect(dd).toContain('oflag=append');
  const format = commands.find(([one]) => one === 'mkfs.ext4')?.join(' ');
  expect(format).toContain('-U ${image:manifest/id} -E hash_seed=${image:manifest/id},');
});

test('the boot code of an ISO stays away', () => {
  const read = outputOf(plan).inputs.flatMap((input) =>
    input.kind === 'artifact' && input.task === 'bootloader:bios' ? [input.output] : [],
  );
  expect(read.toSorted()).toEqual(['core', 'diskMbr']);
});

test('nothing runs outside of the tools tree, and nothing wants root or a device', () => {
  expect(outputOf(plan).place.kind).toBe('tools');
  for (const argv of commandsOf(outputOf(plan))) {
    expect(argv[0]).toMatch(/^(?:truncate|xorriso|dd|mkfs\.ext4)$/);
    expect(argv.join(' ')).not.toMatch(/\/dev\/|losetup/);
  }
});

test('the medium says which profile keeps changes, and the menu begins as chosen last', () => {
  const [manifest] = taskOf(plan, 'image:manifest').operations;
  if (manifest?.kind !== 'manifest') throw new Error('the manifest is not written');
  expect(manifest.image.profiles.map(({ name, persistence }) => [name, persistence])).toEqual([
    ['office', 'on'],
    ['rescue', 'off'],
  ]);
  const written = outputOf(plan).operations.flatMap((one) =>
    one.kind === 'write' ? [showText(one.content)] : [],
  );
  const menu = written.find((content) => content.includes('set timeout=')) ?? '';
  expect(menu).toContain("set default='livesys-selection'\n");
  expect(menu).toContain("\nmenuentry 'My stick (as chosen last)' --id livesys-selection {\n");
  expect(menu).toContain("\nmenuentry 'Office (without keeping changes)'");
  expect(menu).not.toContain("'Rescue (without keeping changes)'");
  expect(menu).toMatch(
    /if \[ "x\$livesys_profile" = xrescue \]; then\n.* systemd\.unit=multi-user\.target /,
  );
});
