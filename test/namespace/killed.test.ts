import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeAccount, type Account } from './support/account.ts';
import { applyWell, startCaller, type Caller } from './support/caller.ts';
import { leftoversAtLast } from './support/leftovers.ts';
import { familyOf, isAlive, type Process } from './support/processes.ts';
import { listResult } from './support/results.ts';
import { makeRoot } from './support/root-tree.ts';
import { run } from './support/run.ts';
import { seenWhile } from './support/seen-while.ts';
import {
  BIG,
  HOLD,
  holdName,
  MANY,
  sourceFiles,
  trace,
  victimPlan,
  victims,
  victimTask,
  type Victim,
} from './support/victims.ts';
import { makeWorkspace, type Workspace } from './support/workspace.ts';

// Every case is a run that is killed while the victim is at work, and a second run of the same
// plan on the same cache, compared with a run that nobody disturbed.

const SEED = Number(process.env['LIVESYS_TEST_SEED'] ?? Math.floor(Math.random() * 1_000_000));
const WHO = ['root', 'user'] as const;
type Who = (typeof WHO)[number];
const TARGETS = ['caller', 'supervisor', 'worker', 'tool'] as const;
type Target = (typeof TARGETS)[number];

let workspace: Workspace;
let user: Account;
const undisturbed = new Map<string, readonly string[]>();
beforeAll(async () => {
  workspace = makeWorkspace();
  user = makeAccount(workspace.folder);
  for (const who of WHO) {
    const root = workspace.make(`${who}-root`);
    makeRoot(root);
    mkdirSync(join(root, HOLD));
    mkdirSync(join(root, 'many'));
    for (const path of sourceFiles()) writeFileSync(join(root, path), `${path}\n`);
    if (who === 'user') run('chown', '-R', `${user.uid}:${user.gid}`, root);
  }
  for (const who of WHO) {
    const place = placeFor(who, 'undisturbed');
    await applyWell(workspace.folder, request(who, place), as(who));
    for (const victim of victims) undisturbed.set(`${who} ${victim}`, await made(victim, place));
  }
});
afterAll(() => workspace?.remove());

const everyTarget = WHO.flatMap((who) => TARGETS.map((target) => [target, 'exec', who] as const));
const everyVictim = victims
  .filter((victim) => victim !== 'exec')
  .map((victim, index) => [pick(targetsOf(victim), index), victim, pick(WHO, index)] as const);

describe(`seed ${SEED} (LIVESYS_TEST_SEED)`, () => {
  it.each([...everyTarget, ...everyVictim])(
    'kill -9 of the %s during %s of a run by %s: nothing is left, the next run is as if it had not been',
    async (target, victim, who) => {
      const place = placeFor(who, `${victim}-${target}-${who}`);
      hold(victim, place);
      const caller = startCaller(workspace.folder, request(who, place, victim), as(who));
      const seen = await untilAtWork(caller, victim, place);
      process.kill(choose(seen, target, victim).pid, 'SIGKILL');
      const ending = await caller.ended;

      expect(ending.events.map((event) => event.type)).not.toContain('task-finished');
      expect(ending.thrown?.code).toBe(CODES[target]);
      expect(await leftoversAtLast({ ...place, seen, outputs: [place.output] })).toEqual([]);
      release(victim, place);
      await applyWell(workspace.folder, request(who, place, victim), as(who));
      expect(await made(victim, place)).toEqual(undisturbed.get(`${who} ${victim}`));
      rmSync(place.cache, { recursive: true });
    },
  );

  it.each(WHO)(
    'kill -9 of what mounts during a run by %s: it ends, nothing is left, the next run works',
    async (who) => {
      const place = placeFor(who, `mounter-${who}`);
      hold('exec', place);
      const caller = startCaller(workspace.folder, request(who, place, 'exec'), as(who));
      const seen = await untilAtWork(caller, 'exec', place);
      process.kill(choose(seen, 'mounter', 'exec').pid, 'SIGKILL');
      release('exec', place);
      const ending = await caller.ended;

      expect(ending.thrown?.code).toBe('LIVESYS_SANDBOX_FAILED');
      expect(await leftoversAtLast({ ...place, seen, outputs: [place.output] })).toEqual([]);
      await applyWell(workspace.folder, request(who, place, 'exec'), as(who));
      expect(await made('exec', place)).toEqual(undisturbed.get(`${who} exec`));
    },
  );

  it.each(WHO)(
    'Ctrl-C during a run by %s ends it as interrupted, leaves nothing, and the next run works',
    async (who) => {
      const place = placeFor(who, `interrupted-${who}`);
      hold('exec', place);
      const caller = startCaller(workspace.folder, request(who, place, 'exec'), as(who));
      const seen = await untilAtWork(caller, 'exec', place);
      caller.kill('SIGINT');
      const ending = await caller.ended;

      expect(ending.thrown).toMatchObject({ code: 'LIVESYS_INTERRUPTED', exitCode: 130 });
      // Unwinding is done when the caller ends, not some time later.
      expect(seen.filter(isAlive)).toEqual([]);
      expect(await leftoversAtLast({ ...place, seen, outputs: [place.output] })).toEqual([]);
      release('exec', place);
      await applyWell(workspace.folder, request(who, place, 'exec'), as(who));
      expect(await made('exec', place)).toEqual(undisturbed.get(`${who} exec`));
    },
  );
});

const CODES: Readonly<Record<Target, string | undefined>> = {
  caller: undefined,
  supervisor: 'LIVESYS_SANDBOX_FAILED',
  worker: 'LIVESYS_SANDBOX_FAILED',
  tool: 'LIVESYS_COMMAND_FAILED',
};

interface Place {
  readonly cache: string;
  readonly output: string;
}

function placeFor(who: Who, name: string): Place {
  const owner = who === 'user' ? user : undefined;
  const [cache, dist] = [
    workspace.make(`${who}-cache-${name}`, owner),
    workspace.make(`${who}-dist-${name}`, owner),
  ];
  return { cache, output: join(dist, 'victim.img') };
}

function request(who: Who, place: Place, until?: Victim) {
  const plan = victimPlan(join(workspace.folder, `${who}-root`), place.output);
  const options = {
    cache: place.cache,
    ...(until === undefined ? {} : { until: victimTask(until) }),
  };
  return { plan, options };
}

const as = (who: Who) => ({ user: who === 'user' ? user : undefined });

async function made(victim: Victim, { cache, output }: Place): Promise<readonly string[]> {
  return victim === 'output'
    ? [readFileSync(output, 'latin1')]
    : listResult(cache, victimTask(victim));
}

/** Operations that the worker carries out itself have no tool that could be killed. */
function targetsOf(victim: Victim): readonly Target[] {
  return victim === 'pipe' || victim === 'copy'
    ? TARGETS
    : TARGETS.filter((target) => target !== 'tool');
}

function pick<T>(from: readonly T[], salt: number): T {
  return from[Math.floor(SEED / 7 ** (salt % 5) + salt) % from.length] as T;
}

function holdFolder(victim: Victim, { cache }: Place): string {
  return join(cache, 'downloads', holdName(victim));
}

function hold(victim: Victim, place: Place): void {
  const folder = holdFolder(victim, place);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'hold'), '');
  run('chown', '-R', '--reference', place.cache, join(place.cache, 'downloads'));
}

function release(victim: Victim, place: Place): void {
  rmSync(join(holdFolder(victim, place), 'hold'));
}

/** Waits until the victim is proven to be at work. Gives every process of the run. */
async function untilAtWork(
  caller: Caller,
  victim: Victim,
  place: Place,
): Promise<readonly Process[]> {
  const count = 1 + (SEED % (MANY / 3));
  await seenWhile(caller, () => isAtWork(caller, victim, place, count), 1);
  return familyOf(caller.pid);
}

function isAtWork(caller: Caller, victim: Victim, place: Place, count: number): boolean {
  if (victim === 'exec' || victim === 'pipe')
    return existsSync(join(holdFolder(victim, place), 'running'));
  if (victim === 'digest' || victim === 'manifest' || victim === 'output')
    return readsBigFile(caller);
  const runs = join(place.cache, 'tmp');
  if (!existsSync(runs)) return false;
  return readdirSync(runs).some((name) => isThere(join(runs, name, trace(victim, count))));
}

/** Also true for a link that leads nowhere. */
function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
}

function readsBigFile(caller: Caller): boolean {
  const worker = familyOf(caller.pid).find(isWorker);
  if (worker === undefined) return false;
  try {
    const files = readdirSync(`/proc/${worker.pid}/fd`);
    return files.some((file) => readlinkSync(`/proc/${worker.pid}/fd/${file}`).endsWith(BIG));
  } catch {
    return false;
  }
}

function isWorker(process: Process): boolean {
  return (
    process.argv[0]?.endsWith('node') === true && /worker\.[jt]s$/.test(process.argv.at(-1) ?? '')
  );
}

/** The shell that makes the mounts of a run. */
function isMounter({ argv }: Process): boolean {
  return argv[0] === 'sh' && argv[2]?.startsWith('while IFS= read') === true;
}

function choose(family: readonly Process[], target: Target | 'mounter', victim: Victim): Process {
  const worker = family.find(isWorker);
  const tools = family.filter(
    (one) =>
      one.parent === worker?.pid &&
      one.argv[0] === (victim === 'copy' ? 'cp' : 'sh') &&
      !isMounter(one),
  );
  const found = {
    caller: family[0],
    supervisor: family.find((one) => one.pid === worker?.parent),
    worker,
    tool: tools[SEED % Math.max(1, tools.length)],
    mounter: family.find(isMounter),
  }[target];
  if (found !== undefined) return found;
  throw new Error(
    `there is no ${target} among ${family.map((one) => one.argv.join(' ')).join('\n')}`,
  );
}
