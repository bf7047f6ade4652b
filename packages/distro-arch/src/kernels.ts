import type { IncompleteKernel, KernelFacts, Probe } from '@livesys/core/plugin';
import { kernelModules } from '@livesys/distro-parts';
import { compareReleases } from './compare-releases.ts';
import { packageFiles } from './local-database.ts';

/** Holds each kernel beside its modules. */
export const MODULES = '/usr/lib/modules';

/** What is below the folder of modules. */
export interface Kernels {
  readonly kernels: readonly KernelFacts[];
  readonly incompleteKernels: readonly IncompleteKernel[];
}

/**
 * The kernels that are whole, newest first. Of two that are equally new, such as `linux` and
 * `linux-zen`, the one with the shorter name comes first, which is the distribution's usual one.
 *
 * One that lacks its image or the list of its modules is no reason to refuse a source that has
 * another: it may be what a removed kernel left. A folder that has neither is none, but of modules
 * that are built apart.
 */
export function findKernels(probe: Probe, packages: Readonly<Record<string, string>>): Kernels {
  const releases = probe.list(MODULES).filter((release) => lacking(probe, release).length < 2);
  return {
    kernels: releases
      .filter((release) => lacking(probe, release).length === 0)
      .map((release) => kernel(probe, release, packages))
      .sort(
        (a, b) =>
          compareReleases(b.release, a.release) ||
          nameLength(a) - nameLength(b) ||
          (a.release < b.release ? -1 : 1),
      ),
    incompleteKernels: releases.flatMap((release) =>
      lacking(probe, release).map((lacks) => ({ release, lacks })),
    ),
  };
}

const nameLength = ({ package: name, release }: KernelFacts): number => (name ?? release).length;

/**
 * The image that lies beside the modules, and no other: what is in /boot is a copy that may be of
 * another version, and the modules that a removed kernel leaves behind have no image.
 */
function lacking(probe: Probe, release: string): readonly string[] {
  return ['vmlinuz', 'modules.dep']
    .map((name) => `${MODULES}/${release}/${name}`)
    .filter((path) => probe.stat(path)?.kind !== 'file');
}

function kernel(
  probe: Probe,
  release: string,
  packages: Readonly<Record<string, string>>,
): KernelFacts {
  const modules = `${MODULES}/${release}`;
  const image = `${modules}/vmlinuz`;
  const owner = probe.readText(`${modules}/pkgbase`)?.trim() ?? '';
  const owned = packages[owner] !== undefined && ownsImage(probe, packages, owner, image);
  return {
    release,
    image,
    ...kernelModules(probe, modules),
    ...(owned ? { package: owner } : {}),
  };
}

/** Tools that keep the running kernel over an upgrade leave a second folder of the same name. */
function ownsImage(
  probe: Probe,
  packages: Readonly<Record<string, string>>,
  name: string,
  image: string,
): boolean {
  return packageFiles(probe, packages, name).includes(image.slice(1));
}
