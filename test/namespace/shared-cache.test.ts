import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { callApply, startCaller } from './support/caller.ts';
import { leftovers } from './support/leftovers.ts';
import { makePlan } from './support/plan.ts';
import { listResult } from './support/results.ts';
import { makeRoot } from './support/root-tree.ts';
import { run } from './support/run.ts';
import { makeWorkspace, type Workspace } from './support/workspace.ts';

let workspace: Workspace;
let root: string;
beforeAll(() => {
  workspace = makeWorkspace();
  root = workspace.make('root');
  makeRoot(root, ['tar', 'mksquashfs']);
  mkdirSync(join(root, 'hold'));
});
afterAll(() => workspace?.remove());

it('a second build on the same cache says that it waits, then takes what the first one made', async () => {
  const cache = workspace.make('cache');
  const hold = join(cache, 'downloads/hold');
  mkdirSync(hold, { recursive: true });
  writeFileSync(join(hold, 'hold'), '');
  const plan = makePlan((plan) => {
    const base = plan.directory({ id: 'source:base', path: root });
    plan.layer({ id: 'tree:one', on: base, downloads: [{ name: 'hold', at: '/hold' }] }, (ops) => {
      ops.exec(['sh', '-c', 'echo run >>/hold/runs; while [ -e /hold/hold ]; do sleep 0.05; done']);
    });
  });
  const first = startCaller(workspace.folder, { plan, options: { cache } });
  while (!existsSync(join(hold, 'runs'))) await pause(5);
  const second = startCaller(workspace.folder, { plan, options: { cache } });
  await second.heard((event) => event.type === 'waiting');
  rmSync(join(hold, 'hold'));
  const [one, other] = await Promise.all([first.ended, second.ended]);

  expect([one.status, other.status]).toEqual([0, 0]);
  expect(one.events.at(-1)).toMatchObject({ type: 'finished', ran: 1, cached: 0 });
  expect(other.events.at(-1)).toMatchObject({ type: 'finished', ran: 0, cached: 1 });
  expect(run('cat', join(hold, 'runs'))).toBe('run');
  expect(leftovers({ cache })).toEqual([]);
});

it('a disk that fills up during compression ends with a clear message and leaves nothing; with space the next run works', async () => {
  const [point, image] = [workspace.make('disk'), join(workspace.folder, 'disk.img')];
  run('truncate', '-s', '48M', image);
  run('mkfs.ext4', '-q', '-m', '0', image);
  // Mounted for the run alone, so that nothing outside can keep it.
  const mounted = ['unshare', '--mount', 'sh', '-c', 'mount -o loop "$1" "$2" && shift 2 && exec "$@"', 'sh', image, point];
  const cache = join(point, 'cache');
  const plan = makePlan((plan, recorder) => {
    const base = plan.directory({ id: 'source:base', path: root });
    recorder.useTools(base);
    plan.task({ id: 'layer:big', place: { on: 'tools', mounts: {} }, outputs: ['squashfs'] }, (ops) => {
      ops.exec(['mksquashfs', '/bin', ops.output('squashfs'), '-noI', '-noD', '-noF', '-noX', '-no-progress', '-exit-on-error', '-p', 'noise f 644 0 0 head -c 12000000 /dev/urandom']);
    });
  });
  const inDisk = (...argv: string[]): string => run('env', ...mounted, ...argv);
  inDisk('fallocate', '--length', '34M', join(point, 'filler'));
  const full = await callApply(workspace.folder, { plan, options: { cache } }, { prefix: mounted });
  const listed = inDisk('find', cache, '-path', '*/tmp/*', '-o', '-path', '*/results/*');
  inDisk('rm', join(point, 'filler'));
  const again = await callApply(workspace.folder, { plan, options: { cache } }, { prefix: mounted });

  expect(['LIVESYS_NO_SPACE', 'LIVESYS_COMMAND_FAILED']).toContain(full.thrown?.code);
  expect([full.thrown?.message, ...(full.thrown?.details ?? [])].join('\n')).toMatch(/no space left|filled up/i);
  expect(listed).toBe('');
  expect(again.events.at(-1)).toMatchObject({ type: 'finished', ran: 1 });
});

it('a result that was not finished is never taken for one', async () => {
  const cache = workspace.make('half');
  const plan = makePlan((plan) => {
    const base = plan.directory({ id: 'source:base', path: root });
    plan.layer({ id: 'tree:one', on: base }, (ops) => ops.write('/new', 'whole'));
  });
  await callApply(workspace.folder, { plan, options: { cache } });
  const whole = await listResult(cache, 'tree:one');
  const [key = ''] = readdirSync(join(cache, 'results'));
  rmSync(join(cache, 'results', key, 'record.json'));
  writeFileSync(join(cache, 'results', key, 'content/new'), 'half');
  const again = await callApply(workspace.folder, { plan, options: { cache } });

  expect(again.events.at(-1)).toMatchObject({ type: 'finished', ran: 1 });
  expect(await listResult(cache, 'tree:one')).toEqual(whole);
});
