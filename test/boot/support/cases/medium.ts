import { createHash } from 'node:crypto';
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

import { run } from '../run.ts';

export const IMAGE = '01234567-89ab-cdef-0123-456789abcdef';

/** A tiny layer: its mark, a file of its own, and `top`, which every layer has. */
interface SmallLayer {
  readonly name: string;
  /** Default: `gzip`. An EROFS is packed as a build does it. */
  readonly compression?: 'gzip' | 'xz' | 'zstd' | 'lz4' | 'erofs';
  /** Gives it the hash tree of dm-verity. */
  readonly verity?: boolean;
  /** Files beside those that every layer has. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
}

export interface SmallMedium {
  readonly image?: string;
  /** Lowest first; the lowest can be booted. */
  readonly layers: readonly SmallLayer[];
  /** By name, lowest layer first; the first is the default. Default: `all`. */
  readonly profiles?: Readonly<Record<string, readonly string[]>>;
  /** Profiles that keep their changes. */
  readonly persist?: readonly string[];
}

/** Fills a folder with what lies on a medium; gives the lines of its manifest but the last. */
export function makeMedium(folder: string, medium: SmallMedium): string[] {
  mkdirSync(join(folder, 'livesys/layers'), { recursive: true });
  const layers = medium.layers.map((layer, number) => makeLayer(folder, layer, number === 0));
  const profiles = medium.profiles ?? { all: medium.layers.map(({ name }) => name) };
  const lines = [
    'livesys 1',
    `image ${medium.image ?? IMAGE}`,
    ...layers,
    ...Object.entries(profiles).map(
      ([name, names], index) =>
        `profile ${name} ${index === 0 ? 'default' : '-'} ${names.join(',')}`,
    ),
    ...(medium.persist ?? []).map((profile) => `persist ${profile} data - optional`),
  ];
  writeFileSync(join(folder, 'livesys/manifest'), sealManifest(lines));
  return lines;
}

/** A manifest with its end line. */
export function sealManifest(lines: readonly string[]): string {
  const body = lines.map((line) => `${line}\n`).join('');
  return `${body}end ${sha256(Buffer.from(body, 'latin1'))}\n`;
}

const sha256 = (content: Uint8Array) => createHash('sha256').update(content).digest('hex');

/** Makes the file of a layer and gives its line in the manifest. */
function makeLayer(folder: string, layer: SmallLayer, lowest: boolean): string {
  const { name, compression = 'gzip' } = layer;
  const tree = join(folder, 'tree');
  const image = join(folder, 'image');
  makeTree(tree, layer, lowest);
  if (compression === 'erofs') run(['mkfs.erofs', '-zlz4hc,9', '-C65536', image, tree]);
  else run(['mksquashfs', tree, image, '-quiet', '-no-progress', '-comp', compression]);
  const verity = layer.verity === true ? addHashTree(image, name) : '- -';
  const bytes = readFileSync(image);
  const hash = sha256(bytes);
  const type = compression === 'erofs' ? 'erofs' : 'squashfs';
  const file = `layers/${name}-${hash.slice(0, 16)}.${type}`;
  renameSync(image, join(folder, 'livesys', file));
  rmSync(tree, { recursive: true });
  return `layer ${name} ${file} ${bytes.length} ${hash} ${type} ${verity}`;
}

/** Appends the tree as a build does; gives the last two words of the layer's line. */
function addHashTree(image: string, name: string): string {
  const offset = statSync(image).size;
  const salt = sha256(Buffer.from(`livesys-salt ${name}`));
  const tree = `${image}.tree`;
  const said = run(['veritysetup', 'format', `--salt=${salt}`, image, tree]);
  appendFileSync(image, readFileSync(tree));
  rmSync(tree);
  return `${offset} ${/Root hash:\s*(\S+)/.exec(said)?.[1] ?? ''}`;
}

function makeTree(tree: string, { name, files = {} }: SmallLayer, lowest: boolean): void {
  const all: Record<string, string | Uint8Array> = {
    [`.livesys/layer/${name}`]: '',
    top: name,
    [`only/${name}`]: '',
    ...files,
  };
  for (const [path, content] of Object.entries(all)) {
    mkdirSync(join(tree, path, '..'), { recursive: true });
    writeFileSync(join(tree, path), content);
  }
  if (!lowest) return;
  for (const path of ['proc', 'sys', 'dev', 'run', 'etc', 'usr/sbin']) {
    mkdirSync(join(tree, path), { recursive: true });
  }
  writeFileSync(join(tree, 'etc/os-release'), 'ID=test\n');
  symlinkSync('usr/sbin', join(tree, 'sbin'));
  writeFileSync(join(tree, 'usr/sbin/init'), '#!/bin/sh\n');
  chmodSync(join(tree, 'usr/sbin/init'), 0o755);
}

export type FileSystem = 'ext4' | 'vfat' | 'iso9660' | 'squashfs' | 'erofs';

/** A file system in a file, with what lies in a folder; made without mounting anything. */
export function makeFileSystem(
  file: string,
  type: FileSystem,
  folder: string,
  options: { readonly mebibytes?: number; readonly label?: string; readonly uuid?: string } = {},
): string {
  rmSync(file, { force: true });
  const {
    mebibytes = 16,
    label = 'LIVESYS',
    uuid = '11111111-2222-3333-4444-555555555555',
  } = options;
  const size = `${mebibytes}M`;
  if (type === 'ext4') {
    run(['mke2fs', '-q', '-t', 'ext4', '-L', label, '-U', uuid, '-d', folder, file, size]);
  }
  if (type === 'iso9660') {
    run(['xorriso', '-as', 'mkisofs', '-quiet', '-R', '-V', label, '-o', file, folder]);
  }
  if (type === 'squashfs') run(['mksquashfs', folder, file, '-quiet', '-no-progress']);
  if (type === 'erofs') run(['mkfs.erofs', file, folder]);
  if (type === 'vfat') {
    writeFileSync(file, '');
    truncateSync(file, mebibytes * 2 ** 20);
    run(['mkfs.vfat', '-n', label, file]);
    run(['sh', '-c', 'mcopy -s -i "$0" "$1"/* ::', file, folder]);
  }
  return file;
}
