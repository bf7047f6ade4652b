import type { LayerFormat } from '../config/resolved.ts';
import type { CompressionGoal } from '../config/user-config.ts';
import type { Plan } from '../plan/model.ts';
import { packsErofs } from './space.ts';

/** Bytes by goal of compression. */
export type GoalSizes = Readonly<Record<CompressionGoal, number>>;

/**
 * What is left of programs, libraries and texts: of the root of a Debian, 364 MB as a squashfs and
 * 298 MB as an erofs, as the goals were measured.
 */
const SHARES: Readonly<Record<LayerFormat, GoalSizes>> = {
  squashfs: { fast: 0.375, balanced: 0.353, small: 0.287 },
  erofs: { fast: 0.675, balanced: 0.628, small: 0.624 },
};

/** Estimates the base by goal, from what its files are; undefined for one that is not looked at. */
export function goalSizes(
  plan: Plan,
  {
    bytes,
    dense,
  }: { readonly bytes: ReadonlyMap<string, number>; readonly dense: ReadonlyMap<string, number> },
): GoalSizes | undefined {
  const layer = plan.trees['source:base']?.layers[0];
  const path =
    layer?.kind === 'directory' ? layer.path : layer?.kind === 'mounts' ? '/' : undefined;
  const all = path === undefined ? undefined : bytes.get(path);
  if (path === undefined || all === undefined) return undefined;
  const stays = dense.get(path) ?? 0;
  const shares = SHARES[plan.tasks.some(packsErofs) ? 'erofs' : 'squashfs'];
  const size = (goal: CompressionGoal): number => Math.round(stays + (all - stays) * shares[goal]);
  return { fast: size('fast'), balanced: size('balanced'), small: size('small') };
}
