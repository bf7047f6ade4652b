import type { MountFacts } from '../contract/facts.ts';
import type { Plan } from '../plan/model.ts';
import { visibleMounts, type MountEntry } from '../probe/mount-table.ts';
import { rootReader } from '../probe/root-reader.ts';

/** The mounts that a plan reads from snapshots of subvolumes (`taken`) or of logical volumes. */
export function snapshotsOf(plan: Plan, kind: 'taken' | 'volume'): readonly MountFacts[] {
  return Object.values(plan.trees)
    .flatMap(({ layers }) => layers)
    .flatMap((layer) => (layer.kind === 'mounts' ? layer.mounts : []))
    .filter(({ is, snapshot }) => is === 'in' && snapshot === kind);
}

/** The same, as the kernel lists them now. */
export function mountsFrom(plan: Plan, kind: 'taken' | 'volume'): readonly MountEntry[] {
  const points = new Set(snapshotsOf(plan, kind).map(({ at }) => at));
  if (points.size === 0) return [];
  return visibleMounts(rootReader('/')).filter(({ at }) => points.has(at));
}
