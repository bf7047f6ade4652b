import { afterAll, beforeAll, expect, it } from 'vitest';

import { makeWorkspace, type Workspace } from '../namespace/support/workspace.ts';
import { holdBudget } from './support/budget.ts';
import { type LvmSession, runLvmSession } from './support/lvm-system.ts';

// A running system on logical volumes is read from snapshots of them, and nothing of them is left.

let workspace: Workspace;
let session: LvmSession;

holdBudget('lvm', 6, async () => {
  workspace = makeWorkspace();
  await Promise.resolve();
});
beforeAll(async () => {
  session = await runLvmSession(workspace.make('lvm'));
});
afterAll(() => workspace?.remove());

const OURS = /^livesys-snapshot-[0-9a-z]{8}-[0-9a-f]{8}-\d$/;
/** What has one of our marks alone, or the lock of a run that goes on. */
const OTHERS = ['livesys-snapshot-1-ab-0', 'livesys-snapshot-2-ab-0', 'other'];
const VOLUMES = [...OTHERS, 'home', 'pool', 'root', 'srv'].sort();
/** Made by others in the meantime, to take room away. */
const withoutFillers = (volumes: readonly string[]): readonly string[] =>
  volumes.filter((name) => !name.startsWith('filler-')).toSorted();

it('the plan of somebody who is not root says what is read from a snapshot of its volume', () => {
  const { status, said } = session.step('plan');
  const lines = said.split('\n').map((line) => line.replaceAll(/\s+/g, ' ').trim());
  expect(status).toBe('0');
  for (const place of [/^in: \/ ext4 /, /^\/home ext4 /, /^\/srv xfs /])
    expect(lines.find((line) => place.test(line))).toMatch(
      /read from a snapshot of its LVM volume/,
    );
});

it('a build leaves the volumes as they were, but for what a dead run left, and has nothing to do again', () => {
  const [quiet, again] = [session.step('quiet'), session.step('again')];
  expect([...session.lines('before')].sort()).toEqual(
    [...VOLUMES, 'livesys-snapshot-3-ab-0'].sort(),
  );
  expect([quiet.said.match(/warning.*/g), quiet.status]).toEqual([null, '0']);
  expect(withoutFillers(quiet.volumes)).toEqual(VOLUMES);
  expect(again.said).toMatch(/nothing to do: \d+ tasks cached/);
  // LVM keeps none of the snapshots in the source.
  expect(session.lines('copies')).toEqual([]);
});

it('what changes all the time is packed as it was at one moment, on thick and thin, ext4 and xfs', () => {
  expect(session.step('changing')).toMatchObject({ status: '0' });
  for (const folder of ['var/lib/order', 'home/anna/order', 'srv/order']) {
    const [first = 0, second = 0] = ['a/first', 'z/second'].map((name) =>
      Number(session.read(`${folder}/${name}`)),
    );
    expect(first).toBeGreaterThan(0);
    expect([folder, first - second]).toEqual([folder, expect.toBeOneOf([0, 1])]);
    const names = ['early', 'late'].filter((name) => session.has(`${folder}/${name}`));
    expect([folder, ...names]).toEqual([folder, 'early']);
  }
});

it('SIGKILL leaves no snapshot, also while LVM takes one', () => {
  const killed = session.step('killed');
  expect(killed.meanwhile.filter((name) => OURS.test(name))).toHaveLength(3);
  expect(withoutFillers(killed.volumes)).toEqual(VOLUMES);
  expect(withoutFillers(session.step('creating').volumes)).toEqual(VOLUMES);
});

it('the next build removes what was left because nobody could clean up', () => {
  const { volumes } = session.step('cut');
  expect(volumes.filter((name) => OURS.test(name))).toHaveLength(3);
  expect(withoutFillers(session.step('changing').volumes)).toEqual(VOLUMES);
});

it('a snapshot that runs full ends the build, which keeps nothing of what it read', () => {
  const { status, said, volumes } = session.step('full');
  expect(said).toContain('LIVESYS_SNAPSHOT_FULL');
  expect(said).toContain('The snapshot of the volume that is mounted at / ran full');
  expect([status, session.lines('kept')]).toEqual(['5', []]);
  expect(withoutFillers(volumes)).toEqual(VOLUMES);
});

it('without room, or without the programs of LVM, a build says so and takes none', () => {
  const [room, tool] = [session.step('no-room'), session.step('no-tool')];
  expect(room.said).toContain('No snapshot of what is mounted at / could be taken.');
  expect(room.said).toContain('The volume group a-disk has no free extents');
  expect([room.status, room.said]).toEqual([
    '5',
    expect.stringContaining('LIVESYS_SNAPSHOT_FAILED'),
  ]);
  expect(withoutFillers(room.volumes)).toEqual(VOLUMES);
  expect([tool.status, tool.said]).toEqual(['4', expect.stringContaining('LIVESYS_TOOL_MISSING')]);
  expect(tool.said).toContain('lvs');
});
