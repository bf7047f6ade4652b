import type { DistroAdapter, Source } from '../contract/roles.ts';

/** What people call a source: `debian:bookworm` where there is no path to name. */
export function sourceLabel(source: Source, distro: DistroAdapter | undefined): string {
  const made = source.needsDistro === true ? distro?.bootstrapLabel : undefined;
  return made ?? source.label;
}
