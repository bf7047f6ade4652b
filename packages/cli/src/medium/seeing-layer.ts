import { mkdtemp, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { LivesysError } from '@livesys/core/plugin';

import type { ManifestLayer } from './manifest.ts';
import { type Medium, notMedium } from './medium.ts';

/** A layer as commands see it. */
export interface SeenLayer {
  readonly root: string;
  /** Put before a command, it sees the layer at `root`. */
  readonly prefix: readonly string[];
}

const SHOW = `mount -t "$1" -o "ro,loop,offset=$2" -- "$3" "$4" || exit
shift 4
exec "$@"`;

/** Where a layer begins in the file or device of its medium, in bytes. */
export async function offsetOfLayer(medium: Medium, layer: ManifestLayer): Promise<number> {
  const entry = await medium.find(layer.file);
  if (entry === undefined) throw notMedium(medium.path, `${layer.file} is missing`);
  const offset = medium.offsetOf(entry);
  if (offset === undefined) throw notMedium(medium.path, `${layer.file} lies in several pieces`);
  return offset;
}

/**
 * Lets commands see a layer. Each of them mounts it in a mount namespace of its own, so that the
 * kernel takes the mount away with the command, however that ends.
 */
export async function withLayerSeen<Result>(
  medium: Medium,
  layer: ManifestLayer,
  look: (seen: SeenLayer) => Promise<Result>,
): Promise<Result> {
  const offset = await offsetOfLayer(medium, layer);
  if (process.getuid?.() !== 0) {
    throw new LivesysError(
      'LIVESYS_NEEDS_ROOT',
      `Only root can look into the layer ${layer.name}: it has to be mounted.`,
    );
  }
  const root = await mkdtemp(join(tmpdir(), 'livesys-layer-'));
  try {
    const unshare = ['unshare', '--mount', '--propagation', 'private', '--'];
    const mount = [layer.format, String(offset), medium.path, root];
    return await look({ root, prefix: [...unshare, 'sh', '-c', SHOW, 'livesys', ...mount] });
  } finally {
    await rmdir(root);
  }
}
