import type { KernelFacts, Probe } from '@livesys/core/plugin';
import { compareReleases } from './compare-releases.ts';
import { packageFiles } from './local-database.ts';

/** Holds each kernel beside its modules. */
export const MODULES = '/usr/lib/modules';

/**
 * The kernels that are whole, newest first. Of two that are equally new, such as `linux` and
 * `linux-zen`, the one with the shorter name comes first, which is the distribution's usual one.
 */
export function findKernels(
  probe: Probe,
  packages: Readonly<Record<string, string>>,
): readonly KernelFacts[] {
  return probe
    .list(MODULES)
    .flatMap((release) => kernel(probe, release, packages) ?? [])
    .sort(
      (a, b) =>
        compareReleases(b.release, a.release) ||
        nameLength(a) - nameLength(b) ||
        (a.release < b.release ? -1 : 1),
    );
}

const nameLength = ({ package: name, release }: KernelFacts): number => (name ?? release).length;

/**
 * The image that lies beside the modules, and no other: what is in /boot is a copy that may be of
 * another version, and the modules that a removed kernel leaves behind have no image.
 */
function kernel(
  probe: Probe,
  release: string,
  packages: Readonly<Record<string, string>>,
): KernelFacts | undefined {
  const modules = `${MODULES}/${release}`;
  const image = `${modules}/vmlinuz`;
  if (probe.stat(image)?.kind !== 'file') return undefined;
  if (probe.stat(`${modules}/modules.dep`)?.kind !== 'file') return undefined;
  const owner = probe.readText(`${modules}/pkgbase`)?.trim() ?? '';
  const owned = packages[owner] !== undefined && ownsImage(probe, packages, owner, image);
  return {
    release,
    image,
    modules,
    moduleNames: moduleNames(probe.readText(`${modules}/modules.dep`) ?? ''),
    builtinNames: moduleNames(probe.readText(`${modules}/modules.builtin`) ?? ''),
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

/**
 * Names of the modules in a `modules.dep` or `modules.builtin`, sorted: without folder and suffix,
 * `-` written as `_`. Arch compresses modules, which adds `.zst` to the names.
 */
export function moduleNames(text: string): readonly string[] {
  const names = text.split('\n').flatMap((line) => {
    const path = line.split(':', 1)[0] ?? '';
    const name = /([^/]+)\.ko(\.(gz|xz|zst))?$/.exec(path.trim())?.[1];
    return name === undefined ? [] : [name.replaceAll('-', '_')];
  });
  return [...new Set(names)].sort();
}
