import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, afterEach, describe, expect, it } from 'vitest';

import { openMedium } from '../../../packages/cli/src/medium/medium.ts';
import type { CommandEnd, RunningCommand } from '../../namespace/support/livesys.ts';
import { makeWorkspace, type Workspace } from '../../namespace/support/workspace.ts';
import { holdBudget } from './budget.ts';
import { directKernel } from './direct.ts';
import { expectLive } from './expect-live.ts';
import { desktopOf } from './desktop.ts';
import { factsOf, fillMachine, IDENTITY, tell, tellInGuest } from './fill-machine.ts';
import { Guest, type GuestReport } from './guest.ts';
import type { Kind } from './kinds.ts';
import { plant, search, type Secrets } from './plant.ts';
import { PERSON, type RunningMachine, startMachine } from './running-machine.ts';
import { run } from './run.ts';
import { stateOf } from './state-of.ts';
import { unpackInitrd } from './unpack.ts';

/** Seconds on a machine with KVM. */
const BOOT = 50;
/** What goes on in a machine while it is in use: it ends with its input. */
const JOURNAL = `while sleep 0.05; do
	echo "a line of the journal" >>/var/log/journal/system.journal
	echo "a line of a log" >>/var/log/syslog
done & cat; kill $!`;

const MOUNTS = 'cat /proc/self/mountinfo';

/** A system in use that makes images of itself. */
export interface Proof {
  /** Of the test file. */
  readonly name: string;
  readonly minutes: number;
  readonly kind: Kind;
  /** Makes the root that it has, in a folder of the test; what is there is taken away. */
  readonly tree: (workspace: Workspace) => Promise<string>;
}

/**
 * Tests of a system in use, without network, that makes an image to hand on and a personal copy: what
 * is in their bytes, what they boot to, and that the system is as it was.
 */
export function proveRunningSystem({ name, minutes, kind, tree }: Proof): void {
  let workspace: Workspace;
  let machine: RunningMachine;
  let journal: RunningCommand;
  let secrets: Secrets;
  let facts: ReadonlyMap<string, string>;
  let before: readonly string[];
  let mounts: string;
  const ends = new Map<string, CommandEnd>();
  let guest: Guest | undefined;

  holdBudget(name, minutes, async () => {
    workspace = makeWorkspace();
    machine = await startMachine(workspace.folder, await tree(workspace));
    await fillMachine(machine, kind);
    secrets = await plant(machine);
    facts = factsOf(await machine.shell(tell(kind)));
    before = await stateOf(machine);
    mounts = await machine.shell(MOUNTS);
    journal = machine.start(JOURNAL);
    for (const name of ['reset', 'again', 'keep']) {
      const identity = name === 'again' ? 'reset' : name;
      ends.set(name, await build(identity));
    }
  });
  afterEach(async () => {
    await guest?.dispose();
    guest = undefined;
  });
  afterAll(async () => {
    journal?.closeInput();
    await journal?.ended;
    await machine?.dispose();
    workspace?.remove();
  });

  /** As its person does, who may become root. */
  async function build(identity: string): Promise<CommandEnd> {
    const argv = ['build', '-c', `${identity}.config.ts`, '-o', '/mnt/out'];
    const end = await machine.type('sudo', '--non-interactive', 'livesys', ...argv);
    if (end.status !== 0) throw new Error(`${end.stdout}${end.stderr}`);
    return end;
  }

  const imageOf = (identity: string): string => join(machine.output, `${identity}.iso`);

  /** The secrets that lie in an image, also in its boot image, which is compressed. */
  async function leaked(identity: string): Promise<readonly string[]> {
    const folder = workspace.make(`of-${identity}`);
    const medium = await openMedium(imageOf(identity));
    const initrd = await unpackInitrd(medium, folder);
    await medium.close();
    return search(secrets, [imageOf(identity), initrd], folder);
  }

  async function boot(identity: string): Promise<GuestReport> {
    const folder = join(workspace.folder, `boot-${identity}`);
    mkdirSync(folder);
    guest = await Guest.start({
      medium: { file: imageOf(identity), as: 'usb' },
      direct: await directKernel(imageOf(identity), folder, ''),
      job: { script: tellInGuest(kind) },
    });
    const report = await guest.expectBooted(BOOT);
    expectLive(report, { profile: 'live', layers: ['base', 'probe', 'fixups'] });
    return report;
  }

  /** What a guest tells of what the machine has told, but for what is each one's own. */
  function alike(report: GuestReport): Readonly<Record<string, string | undefined>> {
    const keys = [...facts.keys()].filter((key) => !IDENTITY.includes(key));
    return Object.fromEntries(keys.map((key) => [key, report.facts.get(key)]));
  }

  const same = (): Readonly<Record<string, string>> =>
    Object.fromEntries([...facts].filter(([key]) => !IDENTITY.includes(key)));

  describe('an image of a system in use, to hand on', () => {
    it('has none of the secrets in any of its bytes', async () => {
      expect(await leaked('reset')).toEqual([]);
    });

    it('boots with the same packages, settings and files, and is nobody', async () => {
      const report = await boot('reset');

      expect(alike(report)).toEqual(same());
      expect(report.facts.get('machine-id')).toMatch(/^[0-9a-f]{32}$/);
      expect(report.facts.get('machine-id')).not.toBe(facts.get('machine-id'));
      expect(report.facts.get('host-key')).toMatch(/^AAAA/);
      expect(report.facts.get('host-key')).not.toBe(facts.get('host-key'));
      expect(Object.fromEntries(report.facts)).toMatchObject({
        password: '!',
        home: '0',
        key: '',
        'live-user': 'live',
        ...desktopOf(kind, 'live'),
      });
    });

    it('is what the source is, but for what is left out, as `livesys diff` says', async () => {
      const argv = ['diff', '/', '/mnt/out/reset.iso'];
      const end = await machine.type('sudo', '--non-interactive', 'livesys', ...argv);
      expect(`${end.status}\n${end.stdout}${end.stderr}`).toMatch(/^0\n/);
    });
  });

  describe('a personal copy', () => {
    it('has every one of the same secrets', async () => {
      expect(new Set(await leaked('keep'))).toEqual(new Set(secrets.keys()));
    });

    it('boots as the machine itself', async () => {
      const report = await boot('keep');

      expect(alike(report)).toEqual(same());
      expect(Object.fromEntries(IDENTITY.map((key) => [key, report.facts.get(key)]))).toEqual(
        Object.fromEntries(IDENTITY.map((key) => [key, facts.get(key)])),
      );
      expect(Object.fromEntries(report.facts)).toMatchObject(desktopOf(kind, PERSON.name));
    });
  });

  describe('the system in use', () => {
    it('has nothing to do again, though its journal goes on', () => {
      expect(ends.get('reset')?.stdout).toContain('reset.iso');
      expect(ends.get('again')?.stdout).toMatch(/nothing to do: \d+ tasks cached/);
    });

    it('is the same before and after', async () => {
      const after = await stateOf(machine);
      const [then, now] = [new Set(before), new Set(after)];
      expect(before.length).toBeGreaterThan(10_000);
      expect(before.filter((line) => !now.has(line))).toEqual([]);
      expect(after.filter((line) => !then.has(line))).toEqual([]);
    });

    it('has no mount, loop device or folder of a build left', async () => {
      expect(await machine.shell(MOUNTS)).toBe(mounts);
      expect(await machine.shell('ls -A /var/cache/livesys/tmp')).toBe('');
      const loops = run(['losetup', '--list', '--noheadings', '--output', 'BACK-FILE']).split('\n');
      expect(loops.filter((path) => path.startsWith(workspace.folder)).sort()).toEqual(
        ['home.img', 'var.img'].map((name) => join(workspace.folder, name)),
      );
    });
  });
}
