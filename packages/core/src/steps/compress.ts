import { posix } from 'node:path';
import type { Compression, LayerFormat } from '../config/resolved.ts';
import type { Artifact, Text, Tree } from '../contract/values.ts';
import { text } from '../contract/values.ts';
import { WORK } from '../plan/model.ts';
import type { CoreOps } from '../plan/ops-recorder.ts';
import { builder, type Planning } from './context.ts';
import { archiveLayer, BESIDE } from './layer-archive.ts';
import { recordAccessLists } from './record-access-lists.ts';
import { packErofs } from './pack-erofs.ts';
import { appendVerity } from './verity.ts';

/** A layer as it goes on the medium. */
export interface CompressedLayer {
  readonly name: string;
  readonly format: LayerFormat;
  readonly file: Artifact;
  /** The first 16 hex digits of its hash, which are part of its file name. */
  readonly hash: Artifact;
  /** Texts: where its hash tree begins, in bytes, and the hash at the top of the tree. */
  readonly verity: { readonly offset: Artifact; readonly rootHash: Artifact };
}

/** Memory of a compressor; without a bound it takes a quarter of the machine. */
const MEMORY = '1G';

/** Plans the compression of the lowest layer: the source as it is, without what is left out of it. */
export function compressBase(planning: Planning, tree: Tree): CompressedLayer {
  return compressed(planning, 'base', (ops, out) => {
    const source = ops.input({ topLayerOf: tree });
    const { config, facts } = planning;
    if (config.format === 'erofs') {
      const date = facts.sourceDateEpoch;
      const content = { name: 'base', source, date, excludes: [], times: 'clamped' } as const;
      packErofs(ops, { ...content, mayChange: true }, out, config);
      return;
    }
    ops.exec(
      [
        'mksquashfs',
        source,
        out,
        ...common(config.compression),
        ...pseudoSentinel('base'),
        '-no-progress',
        '-noappend',
      ],
      { progress: 'mksquashfs' },
    );
  });
}

/** Where a user's own files of a layer come from, and where they lie in it. */
export interface LaidByUser {
  /** On the builder; its content lies at the same paths in the layer. */
  readonly folder: string | undefined;
  /** Of files that the plan itself brings. */
  readonly paths: readonly string[];
}

/** How a layer that was made here is packed. */
export interface LayerPacking {
  /** Default: none. */
  readonly excludes?: readonly string[];
  /** What the user laid into it, which is meant, whatever `excludes` say of it. Default: nothing. */
  readonly laid?: LaidByUser;
  /**
   * `clamped` (default) keeps times up to the date of the image; `fixed` gives that date to all, for
   * files from a checkout, whose times say when it was made and nothing else.
   */
  readonly times?: 'clamped' | 'fixed';
  /** The tree that it completes; its access lists are recorded where the format cannot hold them. */
  readonly completes?: Tree;
}

/** Plans the compression of a layer that was installed above others. */
export function compressLayer(
  planning: Planning,
  name: string,
  tree: Tree,
  options: LayerPacking = {},
): CompressedLayer {
  const { config, facts } = planning;
  return compressed(planning, name, (ops, out) => {
    const source = ops.input({ topLayerOf: tree });
    const { excludes = [], times = 'clamped' } = options;
    const laid = excludes.length === 0 ? [] : laidFolders(ops, options);
    const content = { name, source, date: facts.sourceDateEpoch, excludes, laid, times };
    if (config.format === 'erofs') {
      packErofs(ops, content, out, config);
      return;
    }
    if (options.completes !== undefined)
      recordAccessLists(ops, ops.input({ tree: options.completes }), BESIDE);
    // It skips the archive's entry of the root, to which anybody could then write but for a mode.
    // sqfstar itself takes no compressor options with a value (plougher/squashfs-tools#191).
    ops.pipe([
      archiveLayer(ops, content),
      [
        'mksquashfs',
        '-',
        out,
        '-tar',
        ...common(config.compression),
        '-exit-on-error',
        ...['-root-mode', '755'],
        '-no-progress',
      ],
    ]);
  });
}

/** Paths that are written, and no folder, are put in one: of what is laid only the names matter. */
function laidFolders(ops: CoreOps, { laid }: LayerPacking): readonly Text[] {
  for (const path of laid?.paths ?? []) ops.write(posix.join(WRITTEN, path), '');
  return [
    ...(laid?.folder === undefined ? [] : [ops.input({ builderPath: laid.folder })]),
    ...((laid?.paths ?? []).length === 0 ? [] : [WRITTEN]),
  ];
}

const WRITTEN = `${WORK}/written`;

function compressed(
  planning: Planning,
  name: string,
  body: (ops: CoreOps, out: Text) => void,
): CompressedLayer {
  const { format } = planning.config;
  const made = builder(planning, 'prepareImage').task(
    {
      id: `layer:${name}`,
      title: name === 'base' ? 'base' : `layer ${name}`,
      place: { on: 'tools', mounts: {} },
      outputs: [format, 'hash', 'verity-offset', 'root-hash'],
      heavy: true,
    },
    (ops) => {
      const out = ops.output(format);
      body(ops, out);
      appendVerity(ops, name, out, {
        offset: ops.output('verity-offset'),
        rootHash: ops.output('root-hash'),
      });
      ops.digest(out, ops.output('hash'), { length: 16 });
    },
  );
  const verity = { offset: made['verity-offset'], rootHash: made['root-hash'] };
  return { name, format, file: made[format], hash: made.hash, verity };
}

/**
 * Every layer carries a folder with its name, by which the boot checks that the stack is whole.
 * mksquashfs adds it by a pseudo definition, which it refuses when it reads a tar archive.
 */
function pseudoSentinel(name: string): readonly string[] {
  return ['/.livesys', '/.livesys/layer', `/.livesys/layer/${name}`].flatMap((path) => [
    '-p',
    `${path} D 0 755 0 0`,
  ]);
}

function common(compression: Compression): readonly string[] {
  return [...compressor(compression), '-b', String(compression.block), '-mem', MEMORY];
}

function compressor({ algorithm, level }: Compression): readonly string[] {
  if (algorithm === 'none') return ['-comp', 'zstd', ...AS_IT_IS];
  if (algorithm === 'lz4hc') return ['-comp', 'lz4', '-Xhc'];
  const options = level === undefined ? [] : [LEVEL_OPTION[algorithm] ?? '', String(level)];
  return ['-comp', algorithm, ...options.filter(Boolean)];
}

/** A squashfs names a compressor though nothing in it is compressed; the kernel must know that one. */
const AS_IT_IS: readonly string[] = ['-noI', '-noD', '-noF', '-noX'];

const LEVEL_OPTION: Readonly<Record<string, string>> = {
  zstd: '-Xcompression-level',
  gzip: '-Xcompression-level',
  lzo: '-Xcompression-level',
};

/** Where a layer lies on the medium. */
export function layerPath(layer: CompressedLayer, hash: Text): Text {
  return text`/livesys/layers/${layer.name}-${hash}.${layer.format}`;
}
