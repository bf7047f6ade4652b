import { LivesysError } from '../errors/livesys-error.ts';
import type { Planning } from './context.ts';

/** What to throw for a source without a kernel: a container, or one whose kernel comes from outside. */
export function noKernel({ facts, parts }: Planning): LivesysError {
  const { distro } = parts;
  const { kernelFolders = [] } = distro;
  const searched = kernelFolders.length === 0 ? '' : ` in ${kernelFolders.join(' and ')}`;
  const need = { name: 'kernel', reason: 'it is what boots' };
  const [name] = distro.packagesFor?.(need, facts) ?? [];
  return new LivesysError(
    'LIVESYS_KERNEL_MISSING',
    `${facts.osRelease.prettyName} has no kernel with its modules${searched}.`,
    {
      details: (facts.distro.incompleteKernels ?? []).map(
        (kernel) => `${kernel.release}  there is no ${kernel.lacks}`,
      ),
      ...(name === undefined ? {} : { hint: `Install the package ${name} in the source.` }),
    },
  );
}
