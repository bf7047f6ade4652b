import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { resolveCompression } from '../../../packages/core/src/config/compression.ts';
import type { Compression, LayerFormat } from '../../../packages/core/src/config/resolved.ts';
import type { Plan } from '../../../packages/core/src/plan/model.ts';
import { archive } from '../../../packages/core/src/sources/archive.ts';
import { compressBase, compressLayer } from '../../../packages/core/src/steps/compress.ts';
import type { Planning } from '../../../packages/core/src/steps/context.ts';
import type { Account } from './account.ts';
import { applyWell } from './caller.ts';
import { CHANGES, DATA, LIST, randomChanges } from './layer-script.ts';
import { EPOCH, makePlan } from './plan.ts';
import { resultOf } from './results.ts';
import { makeRoot } from './root-tree.ts';
import { run, runBytes } from './run.ts';
import { listTree } from './tree-listing.ts';
import type { Workspace } from './workspace.ts';

/** What one build made. */
export interface Built {
  readonly base: string;
  readonly layer: string;
  /** Of the base. */
  readonly verity: { readonly offset: string; readonly rootHash: string };
  /** What the task saw after its last change. */
  readonly seen: string;
  /** What the next task saw, to which the layer is a lower one. */
  readonly seenNext: string;
}

export interface BuildOptions {
  readonly format: LayerFormat;
  /** Default: root. */
  readonly user?: Account | undefined;
  /** Default: false. */
  readonly uncompressed?: boolean;
}

const COMPRESSIONS: Readonly<Record<LayerFormat, Compression>> = {
  squashfs: { algorithm: 'gzip', level: 1, block: 131_072 },
  erofs: { algorithm: 'lz4hc', level: 1, block: 65_536 },
};

/** A root with a shell, the tree to change, and owners, links and attributes of all kinds. */
export function packRoot(workspace: Workspace, seed: number): string {
  const root = workspace.make('root');
  makeRoot(root, ['getfattr', 'setfattr', 'setcap']);
  mkdirSync(join(root, 'hold'));
  run('sh', '-ec', `cd "$1"; ${DATA}`, 'sh', root);
  writeFileSync(join(root, 'changes'), `set -e\n${CHANGES}\n${randomChanges(seed)}\n`);
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

/** Builds two layers from the archive: unpacked, changed in a layer, packed as core packs them. */
export async function buildLayers(
  workspace: Workspace,
  packed: string,
  { format, user, uncompressed = false }: BuildOptions,
): Promise<Built> {
  const name = `${format}-${user === undefined ? 'root' : 'user'}${uncompressed ? '-none' : ''}`;
  const tools = workspace.make(`tools-${name}`);
  makeRoot(tools, ['tar', format === 'erofs' ? 'mkfs.erofs' : 'mksquashfs', 'veritysetup']);
  if (user !== undefined) run('chown', '-R', `${user.uid}:${user.gid}`, tools);
  const cache = workspace.make(`cache-${name}`, user);
  const compression = uncompressed ? resolveCompression('none', format) : COMPRESSIONS[format];
  const plan = layerPlan(packed, tools, { format, compression });
  await applyWell(workspace.folder, { plan, options: { cache } }, { user });
  const image = async (layer: string): Promise<string> =>
    join(await resultOf(cache, `layer:${layer}`), format);
  const text = async (file: string): Promise<string> =>
    readFileSync(join(await resultOf(cache, 'layer:base'), file), 'utf8').trim();
  const said = (file: string): string =>
    readFileSync(join(cache, 'downloads/said', file), 'latin1');
  return {
    base: await image('base'),
    layer: await image('changed'),
    verity: { offset: await text('verity-offset'), rootHash: await text('root-hash') },
    seen: said('seen'),
    seenNext: said('next'),
  };
}

function layerPlan(
  packed: string,
  tools: string,
  config: { readonly format: LayerFormat; readonly compression: Compression },
): Plan {
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
      config,
      facts: { sourceDateEpoch: EPOCH },
    } as unknown as Planning;
    compressBase(planning, base);
    compressLayer(planning, 'changed', changed);
  });
}

/** Runs a script in the root that a boot would put together from the two layers. */
export function mounted(workspace: Workspace, { base, layer }: Built, script: string): string {
  const points = workspace.make('points');
  for (const name of ['base', 'layer', 'root']) mkdirSync(join(points, name), { recursive: true });
  const mount = `
    set -e; cd "$1"; mount -o loop,ro "$2" base; mount -o loop,ro "$3" layer
    mount -t overlay -o lowerdir=layer:base overlay root; exec chroot root /bin/sh -c "$4"`;
  const argv = ['--mount', 'sh', '-c', mount, 'sh', points, base, layer, script];
  return runBytes('unshare', ...argv).toString('latin1');
}

/** Everything that a squashfs or erofs holds, as {@link listTree} tells it. */
export function unpacked(workspace: Workspace, image: string): readonly string[] {
  const at = join(workspace.folder, 'unpacked', image.replaceAll(/\W/g, '_'));
  if (!existsSync(at)) {
    mkdirSync(join(at, '..'), { recursive: true });
    if (image.endsWith('squashfs')) run('unsquashfs', '-quiet', '-no-progress', '-dest', at, image);
    else run('unshare', '--mount', 'sh', '-ec', COPY, 'sh', image, workspace.make('mounted'), at);
  }
  return listTree(at);
}

/** fsck.erofs 1.5 extracts no attributes. */
const COPY = 'mount -t erofs -o loop,ro "$1" "$2"; cp --archive "$2" "$3"';
