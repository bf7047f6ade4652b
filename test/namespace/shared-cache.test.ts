import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Plan } from '../../packages/core/src/plan/model.ts';
import { callApply, startCaller } from './support/caller.ts';
import { leftovers, leftoversAtLast } from './support/leftovers.ts';
import { makePlan } from './support/plan.ts';
import { listResult } from './support/results.ts';
import { makeRoot } from './support/root-tree.ts';
import { run } from './support/run.ts';
import { seenWhile } from './support/seen-while.ts';
import { makeWorkspace, type Workspace } from './support/workspace.ts';

let workspace: Workspace;
let root: string;
beforeAll(() => {
  workspace = makeWorkspace();
  root = workspace.make('root');
  makeRoot(root);
  mkdirSync(join(root, 'hold'));
});
afterAll(() => workspace?.remove());

/** A plan with one task, which waits while a file of the given name is held. */
function heldPlan(name: string): Plan {
  return makePlan((plan) => {
    const base = plan.directory({ id: 'source:base', path: root });
    const downloads = [{ name: 'hold', at: '/hold' }];
    plan.layer({ id: `tree:${name}`, on: base, downloads }, (ops) => {
      const wait = `while [ -e /hold/${name} ]; do sleep 0.05; done`;
      ops.exec(['sh', '-c', `echo ${name} >>/hold/runs; ${wait}`]);
    });
  });
}

/** Two builds on one cache, the first at work, the second waiting for it. */
async function twoBuilds(cacheName: string, second: string) {
  const cache = workspace.make(cacheName);
  const hold = join(cache, 'downloads/hold');
  mkdirSync(hold, { recursive: true });
  for (const name of ['one', 'other']) writeFileSync(join(hold, name), '');
  const runs = (): string => (existsSync(join(hold, 'runs')) ? run('cat', join(hold, 'runs')) : '');
  const working = startCaller(workspace.folder, { plan: heldPlan('one'), options: { cache } });
  await seenWhile(working, () => runs() !== '', 5);
  const waiting = startCaller(workspace.folder, { plan: heldPlan(second), options: { cache } });
  await waiting.heard((event) => event.type === 'waiting');
  return { cache, working, waiting, runs, release: (name: string) => rmSync(join(hold, name)) };
}

it('a second build on the same cache says that it waits, then takes what the first one made', async () => {
  const { cache, working, waiting, runs, release } = await twoBuilds('cache', 'one');
  release('one');
  const [first, second] = await Promise.all([working.ended, waiting.ended]);

  expect([first.status, second.status]).toEqual([0, 0]);
  expect(first.events.at(-1)).toMatchObject({ type: 'finished', ran: 1, cached: 0 });
  expect(second.events.at(-1)).toMatchObject({ type: 'finished', ran: 0, cached: 1 });
  expect(runs()).toBe('one');
  expect(leftovers({ cache })).toEqual([]);
});

it('a build that is done does not wait for one that waited for it', async () => {
  const { cache, working, waiting, runs, release } = await twoBuilds('cache-of-two', 'other');
  release('one');
  await seenWhile(waiting, () => runs().includes('other'), 5);
  const first = await Promise.race([working.ended, pause(5000)]);
  release('other');
  const second = await waiting.ended;

  expect(first?.status).toBe(0);
  expect(second.status).toBe(0);
  expect(leftovers({ cache })).toEqual([]);
});

it('Ctrl-C ends a build that waits for another at once', async () => {
  const { cache, working, waiting, release } = await twoBuilds('cache-of-impatient', 'other');
  waiting.kill('SIGINT');
  const second = await Promise.race([waiting.ended, pause(5000)]);
  release('one');
  const first = await working.ended;

  expect(second?.thrown?.code).toBe('LIVESYS_INTERRUPTED');
  expect(first.status).toBe(0);
  expect(await leftoversAtLast({ cache })).toEqual([]);
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
