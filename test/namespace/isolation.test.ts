import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeAccount, type Account } from './support/account.ts';
import { applyWell, callApply } from './support/caller.ts';
import { makePlan } from './support/plan.ts';
import { readResult } from './support/results.ts';
import { makeRoot } from './support/root-tree.ts';
import { run } from './support/run.ts';
import { makeWorkspace, type Workspace } from './support/workspace.ts';

const WHO = ['root', 'user'] as const;
type Who = (typeof WHO)[number];

let workspace: Workspace;
let user: Account;
beforeAll(() => {
  workspace = makeWorkspace();
  user = makeAccount(workspace.folder);
  for (const who of WHO) {
    const root = workspace.make(`root-${who}`);
    makeRoot(root);
    mkdirSync(join(root, 'data/inner'), { recursive: true });
    for (const name of ['deleted', 'changed', 'inner/file'])
      writeFileSync(join(root, 'data', name), name);
    writeFileSync(join(root, 'etc/resolv.conf'), 'nameserver 192.0.2.1\n');
    if (who === 'user') run('chown', '-R', `${user.uid}:${user.gid}`, root);
  }
});
afterAll(() => workspace?.remove());

const rootOf = (who: Who): string => join(workspace.folder, `root-${who}`);
const ownerOf = (who: Who): Account | undefined => (who === 'user' ? user : undefined);

it.each(WHO)(
  'the source is the same before and after, whatever a layer does to it, as %s',
  async (who) => {
    const root = rootOf(who);
    const plan = makePlan((plan) => {
      const base = plan.directory({ id: 'source:base', path: root });
      plan.layer({ id: 'tree:changed', on: base, network: true }, (ops) => {
        ops.exec([
          'sh',
          '-c',
          'rm -rf /data/deleted /data/inner /etc; echo x >>/data/changed; chmod 700 /data; chown 1:1 /bin; touch /tmp/x /var/tmp/x /new',
        ]);
        ops.remove('/bin');
        ops.write('/data/new', 'new');
      });
    });
    const before = stateOf(root);
    await applyWell(
      workspace.folder,
      { plan, options: { cache: workspace.make(`source-${who}`, ownerOf(who)) } },
      { user: ownerOf(who) },
    );
    expect(stateOf(root)).toBe(before);
  },
);

it.each(WHO)('a task has no network unless it asks for it, as %s', async (who) => {
  const plan = makePlan((plan) => {
    const base = plan.directory({ id: 'source:base', path: rootOf(who) });
    const place = { chroot: base };
    for (const network of [false, true]) {
      plan.task(
        { id: `task:${network ? 'networked' : 'isolated'}`, place, outputs: ['seen'], network },
        (ops) => {
          ops.exec(['sh', '-c', LOOK_AT_NETWORK, ops.output('seen')]);
        },
      );
    }
  });
  const cache = workspace.make(`network-${who}`, ownerOf(who));
  await applyWell(workspace.folder, { plan, options: { cache } }, { user: ownerOf(who) });
  const outside = join(workspace.folder, 'outside');
  run('sh', '-c', LOOK_AT_NETWORK, outside);
  expect(await readResult(cache, 'task:isolated', 'seen')).toBe('lo: down\n');
  expect(await readResult(cache, 'task:networked', 'seen')).toBe(readFileSync(outside, 'utf8'));
});

/** Names every interface and whether it is up; only `lo` may be the same in two namespaces. */
const LOOK_AT_NETWORK = `
ip -o link | while read -r number name rest; do
  case $rest in *[\\<,]UP[,\\>]*) echo "$name up" ;; *) echo "$name down" ;; esac
done | sort >"$0"`;

it.each(WHO)(
  'in the place of the builder nothing can be written but outputs and temporary files, and the cache is hidden, as %s',
  async (who) => {
    const cache = workspace.make(`builder-${who}`, ownerOf(who));
    writeFileSync(join(cache, 'secret'), 'x');
    const script = `
    cd /; exec 2>/dev/null
    for folder in / /etc /usr/bin /root /var /home ${workspace.folder} "$1"; do
      (: >"$folder/livesys-test-written") && echo "written: $folder"
    done
    echo "cache:" $(ls -A "$1"/secret "$1"/results "$1"/lock)
    : >/tmp/file && : >/var/tmp/file && echo temporary
    :`;
    const plan = makePlan((plan) => {
      plan.task(
        { id: 'task:builder', place: { on: 'builder', mounts: {} }, outputs: ['seen'] },
        (ops) => {
          ops.exec(['sh', '-c', `{ ${script}\n} >"$0"`, ops.output('seen'), cache]);
        },
      );
    });
    await applyWell(workspace.folder, { plan, options: { cache } }, { user: ownerOf(who) });
    expect(await readResult(cache, 'task:builder', 'seen')).toBe('cache:\ntemporary\n');
  },
);

it.each(WHO)(
  'a task sees neither the processes nor the environment nor the name of the builder, as %s',
  async (who) => {
    const plan = makePlan((plan) => {
      const place = { chroot: plan.directory({ id: 'source:base', path: rootOf(who) }) };
      plan.task(
        { id: 'task:look', place, outputs: ['processes', 'environment', 'name'] },
        (ops) => {
          ops.exec(['sh', '-c', 'ls -d /proc/[0-9]* | wc -l >"$0"', ops.output('processes')]);
          ops.exec(['sh', '-c', 'env | cut -d= -f1 | sort >"$0"', ops.output('environment')]);
          ops.exec(['sh', '-c', 'hostname >"$0"', ops.output('name')]);
        },
      );
    });
    const cache = workspace.make(`look-${who}`, ownerOf(who));
    const prefix = ['env', 'LIVESYS_TEST_OF_CALLER=x'];
    await applyWell(workspace.folder, { plan, options: { cache } }, { user: ownerOf(who), prefix });
    // The worker, a compiler of its sources, the command and its children.
    expect(Number(await readResult(cache, 'task:look', 'processes'))).toBeLessThan(8);
    const environment = await readResult(cache, 'task:look', 'environment');
    expect(environment.trim().split('\n')).toEqual([
      'HOME',
      'LANG',
      'LC_ALL',
      'PATH',
      'PWD',
      'SHLVL',
      'SOURCE_DATE_EPOCH',
      'TMPDIR',
      'TZ',
    ]);
    expect(await readResult(cache, 'task:look', 'name')).toBe('livesys\n');
  },
);

it('a user cannot build a source with files that he cannot read, and is told so before any work', async () => {
  const root = workspace.make('unreadable');
  makeRoot(root);
  run('chown', '-R', `${user.uid}:${user.gid}`, root);
  mkdirSync(join(root, 'closed'), { mode: 0o700 });
  const ending = await callApply(
    workspace.folder,
    layerOn(root, workspace.make('unreadable-cache', user)),
    { user },
  );
  expect(ending.thrown).toMatchObject({ code: 'LIVESYS_SOURCE_UNREADABLE', exitCode: 4 });
  expect(ending.thrown?.details.join('\n')).toContain(join(root, 'closed'));
  expect(ending.events.map((event) => event.type)).not.toContain('task-started');
});

it.each(['a file of another owner', 'an unreadable file of another owner'])(
  'a user cannot build a source with %s',
  async (what) => {
    const root = workspace.make(what.replaceAll(' ', '-'));
    makeRoot(root);
    run('chown', '-R', `${user.uid}:${user.gid}`, root);
    writeFileSync(join(root, 'etc/foreign'), '', {
      mode: what.startsWith('an unreadable') ? 0o000 : 0o644,
    });
    const ending = await callApply(
      workspace.folder,
      layerOn(root, workspace.make('foreign-cache', user)),
      { user },
    );
    expect(ending.thrown).toMatchObject({
      code: 'LIVESYS_NEEDS_ROOT',
      exitCode: 4,
      details: [join(root, 'etc/foreign')],
    });
    expect(ending.events.map((event) => event.type)).not.toContain('task-started');
  },
);

function layerOn(root: string, cache: string) {
  const plan = makePlan((plan) => {
    const base = plan.directory({ id: 'source:base', path: root });
    plan.layer({ id: 'tree:one', on: base }, (ops) => ops.write('/new', ''));
  });
  return { plan, options: { cache } };
}

/** Everything about every file of a folder but the time of its last reading. */
function stateOf(root: string): string {
  const format = String.raw`%P %y %m %U %G %s %T@ %C@ %i %n %l\n`;
  const metadata = run('find', root, '-printf', format);
  const content = run('sh', '-c', 'find "$1" -type f -exec sha256sum {} +', 'sh', root);
  return [metadata, content].map((text) => text.split('\n').sort().join('\n')).join('\n');
}
