import type { IncompleteKernel, KernelFacts, Probe } from '@livesys/core/plugin';
import { kernelModules } from '@livesys/distro-parts';
import { compareReleases } from './compare-releases.ts';

const IMAGE = /^vmlinu[xz]-(.+)$/;
const IMAGES = '/boot';
const MODULES = ['/lib/modules', '/usr/lib/modules'] as const;
const LEFTOVER = /\.(old|bak|dpkg-\w+)$/;

/** Where images are, and where modules are looked for first. */
export const KERNEL_FOLDERS: readonly string[] = [IMAGES, '/lib/modules'];

/** The kernels whose image and modules are both there, newest first. */
export function findKernels(
  probe: Probe,
  packages: Readonly<Record<string, string>>,
): readonly KernelFacts[] {
  return images(probe)
    .flatMap(({ release, image }) => kernel(probe, release, image, packages) ?? [])
    .sort((a, b) => compareReleases(b.release, a.release));
}

/** Images whose modules are not there, such as of a kernel that was removed in part. */
export function incompleteKernels(probe: Probe): readonly IncompleteKernel[] {
  return images(probe)
    .filter(({ release }) => modulesFolder(probe, release) === undefined)
    .map(({ release }) => ({ release, lacks: `${MODULES[0]}/${release}/modules.dep` }));
}

function images(probe: Probe): readonly { readonly release: string; readonly image: string }[] {
  return probe.list(IMAGES).flatMap((name) => {
    const release = IMAGE.exec(name)?.[1];
    if (release === undefined || LEFTOVER.test(release)) return [];
    return [{ release, image: `${IMAGES}/${name}` }];
  });
}

function kernel(
  probe: Probe,
  release: string,
  image: string,
  packages: Readonly<Record<string, string>>,
): KernelFacts | undefined {
  const modules = modulesFolder(probe, release);
  if (modules === undefined) return undefined;
  const owner = [`linux-image-${release}`, `linux-image-${release}-unsigned`].find(
    (name) => packages[name] !== undefined,
  );
  return {
    release,
    image,
    ...kernelModules(probe, modules),
    ...(owner === undefined ? {} : { package: owner }),
  };
}

/** Where the modules really lie: `/lib` is a link to `usr/lib` on most systems, not on all. */
function modulesFolder(probe: Probe, release: string): string | undefined {
  return MODULES.map((folder) => probe.realPath(`${folder}/${release}`)).find(
    (path) => path !== undefined && probe.stat(`${path}/modules.dep`)?.kind === 'file',
  );
}
