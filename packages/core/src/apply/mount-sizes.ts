import { statfs } from 'node:fs/promises';
import type { MountReason } from '../contract/facts.ts';
import { mayWait } from '../facts/judge-mounts.ts';
import type { Plan } from '../plan/model.ts';

/** How large a mount of the running system is, in bytes. */
export interface MountSize {
  /** All that its file system holds; unknown where asking may take for ever. */
  readonly used?: number;
  /** What of it belongs to the base. */
  readonly stays?: number;
}

/** Mounts that answer, and whose size tells something. */
const ASKED: readonly MountReason[] = [
  ...(['root', 'system', 'part-of-root', 'asked', 'snapshot', 'removable', 'elsewhere'] as const),
];

/** Asks for the sizes of the mounts of a source, by mount point. */
export async function mountSizes(
  plan: Plan,
  stays: ReadonlyMap<string, number>,
): Promise<ReadonlyMap<string, MountSize>> {
  const sizes = new Map<string, MountSize>();
  const layer = plan.trees['source:base']?.layers[0];
  for (const mount of layer?.kind === 'mounts' ? layer.mounts : []) {
    const { at, is, why } = mount;
    const isAsked = ASKED.includes(why) && !mayWait(mount);
    const found = isAsked ? await statfs(at).catch(() => undefined) : undefined;
    sizes.set(at, {
      ...(found === undefined ? {} : { used: (found.blocks - found.bfree) * found.bsize }),
      ...(is === 'in' ? { stays: stays.get(at) ?? 0 } : {}),
    });
  }
  return sizes;
}
