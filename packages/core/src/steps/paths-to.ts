import { posix } from 'node:path';
import type { MountFacts } from '../contract/facts.ts';
import type { Probe } from '../contract/probe.ts';
import { isWithin } from '../probe/mount-table.ts';

/**
 * Every path of the running system that leads to a place: where links on the way to it end, and where
 * mounts show it, or something in it, once more.
 */
export function pathsTo(
  path: string,
  mounts: readonly MountFacts[],
  probe: Probe,
): readonly string[] {
  const real = realPlace(path, probe);
  const holder = mounts.findLast(({ at }) => isWithin(real, at));
  if (holder === undefined) return [real];
  const inside = posix.join(holder.root, real.slice(holder.at === '/' ? 0 : holder.at.length));
  const others = mounts
    .filter(({ is, type, device }) => {
      const isShown = type === holder.type && device === holder.device;
      return is === 'in' && isShown;
    })
    .flatMap(({ at, root }) => {
      if (isWithin(root, inside)) return [at];
      if (!isWithin(inside, root)) return [];
      return [posix.join(at, inside.slice(root === '/' ? 0 : root.length))];
    });
  return [...new Set([real, ...others])];
}

/** Where something lies or will lie: links are followed as far as there is a way. */
function realPlace(path: string, probe: Probe): string {
  const real = probe.realPath(path);
  if (real !== undefined || path === '/') return real ?? '/';
  return posix.join(realPlace(posix.dirname(path), probe), posix.basename(path));
}
