import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { archive } from '../../packages/core/src/sources/archive.ts';
import type { Planning } from '../../packages/core/src/steps/context.ts';
import { compressBase, compressLayer } from '../../packages/core/src/steps/compress.ts';
import type { Plan } from '../../packages/core/src/plan/model.ts';
import { makeAccount, type Account } from './support/account.ts';
import { applyWell } from './support/caller.ts';
import { CHANGES, DATA, LIST, randomChanges } from './support/layer-script.ts';
import { EPOCH, makePlan } from './support/plan.ts';
import { resultOf } from './support/results.ts';
import { makeRoot } from './support/root-tree.ts';
import { run, runBytes } from './support/run.ts';
import { listTree } from './support/tree-listing.ts';
import { makeWorkspace, type Workspace } from './support/workspace.ts';

// One archive is built as root and without: unpacked, changed in a layer, packed as core packs it.

const SEED = Number(process.env['LIVESYS_TEST_SEED'] ?? Math.floor(Math.random() * 1_000_000));
const WHO = ['root', 'user'] as const;
type Who = (typeof WHO)[number];

/** What one build made. */
interface Built {
  readonly base: string;
  readonly layer: string;
  /** Of the base. */
  readonly verity: { readonly offset: string; readonly rootHash: string };
  /** What the task saw after its last change. */
  readonly seen: string;
  /** What the next task saw, to which the layer is a lower one. */
  readonly seenNext: string;
}

let workspace: Workspace;
let user: Account;
const built = new Map<Who, Built>();
beforeAll(async () => {
  workspace = makeWorkspace();
  user = makeAccount(workspace.folder);
  const packed = packRoot();
  for (const who of WHO) built.set(who, await build(packed, who));
});
afterAll(() => workspace?.remove());

const of = (who: Who): Built => {
  const found = built.get(who);
  if (found === undefined) throw new Error(`the build as ${who} failed`);
  return found;
};

it.each(WHO)(
  `a packed layer shows what was seen while building, built as %s (seed ${SEED})`,
  (who) => {
    expect(mounted(of(who), LIST)).toBe(of(who).seen);
    expect(of(who).seenNext).toBe(of(who).seen);
  },
);

it.each(WHO)(
  'a deleted file, a replaced folder, a folder that became a link and a renamed one, built as %s',
  (who) => {
    const look = (script: string): string => mounted(of(who), `cd /data; ${script}`).trim();
    expect(look('ls deleted gone 2>/dev/null || :')).toBe('');
    expect(look('find replaced | sort')).toBe(
      'replaced\nreplaced/inner\nreplaced/inner/new\nreplaced/new',
    );
    expect(look('readlink to-link; ls to-link')).toBe('other\nfile\nold');
    expect(look('[ -e renamed ] || echo moved; ls renamed-to')).toBe('moved\nfile\ninner\nold');
    expect(look('ls -A emptied')).toBe('');
  },
);

it('a build without root gives the same as one by root: names, types, modes, owners, attributes, capabilities, links', () => {
  for (const part of ['base', 'layer'] as const) {
    const [asRoot, asUser] = WHO.map((who) => unpacked(of(who)[part]));
    expect(asUser).toEqual(asRoot);
  }
  const names = unpacked(of('root').base).join('\n');
  expect(names).toContain('security.capability');
  expect(names).toContain('links 4');
  expect(names).toContain('33:33');
});

it('a build without root gives the same layer bit for bit', () => {
  expect(run('cmp', of('user').layer, of('root').layer)).toBe('');
});

it('a layer carries the hash tree of its own data', () => {
  const salt = createHash('sha256').update('livesys-salt base').digest('hex');
  for (const who of WHO) {
    const { base, verity } = of(who);
    const at = ['--hash-offset', verity.offset];
    expect(run('veritysetup', 'verify', base, base, verity.rootHash, ...at)).toBe('');
    const told = run('veritysetup', 'dump', base, ...at).replaceAll(/:\s+/g, ': ');
    expect(told).toContain(`Data blocks: ${Number(verity.offset) / 4096}\n`);
    expect(told).toContain(`Salt: ${salt}`);
  }
});

it('a layer carries no mark of overlayfs', () => {
  for (const who of WHO) {
    const text = unpacked(of(who).layer).join('\n');
    expect(text).not.toContain('overlay');
  }
});

/** A root with a shell, the tree to change, and owners, links and attributes of all kinds. */
function packRoot(): string {
  const root = workspace.make('root');
  makeRoot(root, ['getfattr', 'setfattr', 'setcap']);
  mkdirSync(join(root, 'hold'));
  run('sh', '-ec', `cd "$1"; ${DATA}`, 'sh', root);
  writeFileSync(join(root, 'changes'), `set -e\n${CHANGES}\n${randomChanges(SEED)}\n`);
  writeFileSync(join(root, 'list'), `set -e\n${LIST}\n`);
  const packed = join(workspace.folder, 'root.tar');
  run(
    'tar',
    '--create',
    '--file',
    packed,
    '--directory',
    root,
    '--xattrs',
    '--xattrs-include=*',
    '--numeric-owner',
    '.',
  );
  chmodSync(packed, 0o644);
  return packed;
}

async function build(packed: string, who: Who): Promise<Built> {
  const owner = who === 'user' ? user : undefined;
  const tools = workspace.make(`tools-${who}`);
  makeRoot(tools, ['tar', 'mksquashfs', 'veritysetup']);
  if (owner !== undefined) run('chown', '-R', `${owner.uid}:${owner.gid}`, tools);
  const cache = workspace.make(`cache-${who}`, owner);
  await applyWell(
    workspace.folder,
    { plan: layerPlan(packed, tools), options: { cache } },
    { user: owner },
  );
  const squashfs = async (name: string): Promise<string> =>
    join(await resultOf(cache, `layer:${name}`), 'squashfs');
  const text = async (name: string): Promise<string> =>
    readFileSync(join(await resultOf(cache, 'layer:base'), name), 'utf8').trim();
  const said = (name: string): string =>
    readFileSync(join(cache, 'downloads/said', name), 'latin1');
  return {
    base: await squashfs('base'),
    layer: await squashfs('changed'),
    verity: { offset: await text('verity-offset'), rootHash: await text('root-hash') },
    seen: said('seen'),
    seenNext: said('next'),
  };
}

function layerPlan(packed: string, tools: string): Plan {
  return makePlan((plan, recorder) => {
    recorder.useTools(plan.directory({ id: 'tree:tools', path: tools }));
    const source = archive(packed);
    const context = {
      plan,
      builder: undefined as never,
      architecture: 'x86_64',
      resolvePath: (path: string) => path,
    } as const;
    const base = source.plan(context);
    const downloads = [{ name: 'said', at: '/hold' }];
    const changed = plan.layer({ id: 'tree:changed', on: base, downloads }, (ops) => {
      ops.exec(['sh', '/changes']);
      ops.exec(['sh', '-c', 'sh /list >/hold/seen']);
    });
    plan.layer({ id: 'tree:next', on: changed, downloads }, (ops) =>
      ops.exec(['sh', '-c', 'sh /list >/hold/next']),
    );
    const planning = {
      recorder,
      config: { compression: { algorithm: 'gzip', level: 1, block: 131_072 } },
      facts: { sourceDateEpoch: EPOCH },
    } as unknown as Planning;
    compressBase(planning, base, []);
    compressLayer(planning, 'changed', changed);
  });
}

/** Runs a script in the root that a boot would put together from the two layers. */
function mounted({ base, layer }: Built, script: string): string {
  const points = workspace.make('points');
  for (const name of ['base', 'layer', 'root']) mkdirSync(join(points, name), { recursive: true });
  const mount = `
    set -e; cd "$1"; mount -o loop,ro "$2" base; mount -o loop,ro "$3" layer
    mount -t overlay -o lowerdir=layer:base overlay root; exec chroot root /bin/sh -c "$4"`;
  const argv = ['--mount', 'sh', '-c', mount, 'sh', points, base, layer, script];
  return runBytes('unshare', ...argv).toString('latin1');
}

function unpacked(image: string): readonly string[] {
  const folder = image.replaceAll(/\W/g, '_');
  const at = join(workspace.folder, 'unpacked', folder);
  if (!existsSync(at)) {
    mkdirSync(join(at, '..'), { recursive: true });
    run('unsquashfs', '-quiet', '-no-progress', '-dest', at, image);
  }
  return listTree(at);
}
