import type { Facts, Ops, PackageRequest } from '@livesys/core/plugin';
import { removeHostKeys, removeLeftovers } from '@livesys/distro-parts';
import { BUILD_FOLDER, LEFTOVERS, pacmanScript, writeScript } from './build-environment.ts';
import type { ArchOptions } from './options.ts';

/** What other distributions have in every root, and Arch's `base` has not. */
export const TOOLS = ['diffutils'];

/**
 * Records the installation of packages into the root that the operations see as `/`. What the base
 * has already needs nothing; if that is all of it, the network is not touched. Where the root and its
 * repositories have grown apart is known only then, and our script decides: never a partial upgrade.
 */
export function installPackages(
  options: ArchOptions,
  ops: Ops,
  { packages, facts, purpose }: PackageRequest,
): void {
  const wanted = missing(purpose === 'tools' ? [...packages, ...TOOLS] : packages, facts);
  if (wanted.length === 0) return;
  writeScript(ops);
  pacmanScript(ops, 'install', options.signatures, '/', ...wanted);
  ops.remove(`${BUILD_FOLDER}/gnupg`);
  removeLeftovers(ops, LEFTOVERS);
  if (purpose === 'image') removeHostKeys(ops);
}

/** Those that the source has not, each once. */
export function missing(packages: readonly string[], { distro }: Facts): readonly string[] {
  return [...new Set(packages)].filter((name) => distro.packages[name] === undefined);
}
