import type { Need } from '../contract/need.ts';
import type { Plugin } from '../contract/roles.ts';
import { LivesysError } from '../errors/livesys-error.ts';
import type { Planning } from './context.ts';

/** The packages that hold every tool the plugins need, sorted. Unanswered needs are reported together. */
export function neededPackages(
  planning: Planning,
  plugins: readonly Plugin[],
  own: readonly Need[],
): readonly string[] {
  const needs = [
    ...own.map((need) => ({ need, plugin: 'livesys' })),
    ...plugins.flatMap((plugin) =>
      (plugin.needs ?? []).map((need) => ({ need, plugin: plugin.name })),
    ),
  ];
  const packages = new Set<string>();
  const unanswered: string[] = [];
  for (const { need, plugin } of needs) {
    const found = packagesFor(need, planning);
    if (found === undefined)
      unanswered.push(`packageNames.${need.name}   ${plugin} needs it: ${need.reason}`);
    for (const name of found ?? []) packages.add(name);
  }
  if (unanswered.length > 0) {
    const { distro } =
      planning.facts.osRelease.id === '' ? { distro: '' } : { distro: planning.parts.distro.name };
    throw new LivesysError(
      'LIVESYS_NEED_UNRESOLVED',
      `${distro} knows no package for ${unanswered.length === 1 ? 'a need' : `${unanswered.length} needs`}.`,
      { details: unanswered },
    );
  }
  return [...packages].toSorted();
}

function packagesFor(
  need: Need,
  { config, facts, parts }: Planning,
): readonly string[] | undefined {
  const ids = [facts.osRelease.id, ...facts.osRelease.idLike];
  const named = ids.map((id) => need.packages?.[id]).find((found) => found !== undefined);
  return config.packageNames[need.name] ?? named ?? parts.distro.packagesFor?.(need, facts);
}
