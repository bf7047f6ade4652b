import { realpathSync } from 'node:fs';
import { posix } from 'node:path';
import { isWithin, visibleMounts, type MountEntry } from '../probe/mount-table.ts';
import { rootReader } from '../probe/root-reader.ts';
import type { LayerPlace } from './layer-places.ts';

/**
 * Tells in which places of the running system the cache lies: in that which holds it, and in each that
 * shows a folder above it once more.
 */
export function placesOfCache(cache: string): (place: LayerPlace) => boolean {
  const mounts = visibleMounts(rootReader('/'));
  const real = realpathSync(cache);
  const holder = mounts.findLast(({ at }) => isWithin(real, at));
  const inside = holder === undefined ? undefined : pathInside(real, holder);
  return ({ at, folders }) => {
    const mount = mounts.find((one) => one.at === at);
    // One that is read from a snapshot is another tree.
    if (mount === undefined || inside === undefined || folders[0] !== at) return false;
    return mount.number === holder?.number && isWithin(inside, mount.root);
  };
}

/** A path in the file system that is mounted. */
function pathInside(path: string, { at, root }: MountEntry): string {
  return posix.join(root, path.slice(at === '/' ? 0 : at.length));
}
