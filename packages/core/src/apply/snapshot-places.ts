import { posix } from 'node:path';
import type { MountFacts } from '../contract/facts.ts';
import { NOTHING } from '../plan/keys.ts';
import type { PlanLayer } from '../plan/model.ts';
import { isWithin } from '../probe/mount-table.ts';
import { Matcher } from '../rules/matcher.ts';
import { bytesOf } from '../rules/pattern.ts';
import { livePlace } from './base-places.ts';
import type { LayerPlace } from './layer-places.ts';
import type { SnapshotView } from './snapshots.ts';

type Mounts = PlanLayer & { readonly kind: 'mounts' };

/**
 * The places of the running system, in snapshots where the plan says so. Where a subvolume lies in
 * another one and is not mounted by itself, its files are seen in the running system, but not in a
 * snapshot of the outer one: so it gets one of its own, unless it is left out.
 */
export async function snapshotPlaces(
  layer: Mounts,
  snapshots: { of(mount: MountFacts): Promise<SnapshotView> },
): Promise<readonly LayerPlace[]> {
  const matcher = new Matcher(layer.leaveOut ?? NOTHING);
  const places: LayerPlace[] = [];
  for (const mount of layer.mounts.filter(({ is }) => is === 'in')) {
    if (mount.snapshot !== 'taken' && mount.snapshot !== 'volume') {
      places.push(livePlace(mount));
      continue;
    }
    const view = await snapshots.of(mount);
    places.push({ at: mount.at, folders: [view.folder], fixed: false });
    for (const nested of view.nested) {
      const at = posix.join(mount.at, nested);
      if (isCovered(at, mount, layer.mounts) || isLeftOut(at, matcher)) continue;
      places.push({ at, folders: [await view.take(nested)], fixed: false });
    }
  }
  return places.toSorted((a, b) => (a.at < b.at ? -1 : 1));
}

/** Whether something is mounted over it. */
function isCovered(at: string, within: MountFacts, mounts: readonly MountFacts[]): boolean {
  return mounts.some(
    (mount) => mount !== within && isWithin(mount.at, within.at) && isWithin(at, mount.at),
  );
}

function isLeftOut(at: string, matcher: Matcher): boolean {
  return matcher.judge(bytesOf(at), true) === 'out';
}
