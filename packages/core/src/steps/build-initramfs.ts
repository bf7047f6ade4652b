import type { Artifact } from '../contract/values.ts';
import type { KernelFacts } from '../contract/facts.ts';
import { posix } from 'node:path';
import { builder, type Planning } from './context.ts';
import type { Filesystems } from './install-filesystems.ts';

/** A kernel with the initramfs that was built for it. */
export interface BootKernel {
  readonly facts: KernelFacts;
  readonly image: Artifact;
  readonly initrd: Artifact;
}

/** Step 2: one initramfs for the kernel, which holds the runtime and every module it needs. */
export function buildInitramfs(
  planning: Planning,
  { kernel, programs }: Pick<Filesystems, 'kernel' | 'programs'>,
): BootKernel {
  const { config, facts, hooks, parts } = planning;
  const plan = builder(planning, 'buildInitramfs', parts.initramfs.name);
  const contents = hooks.initramfsContents.call({
    // The runtime itself asks for squashfs.
    kernelModules: config.format === 'squashfs' ? [] : [config.format],
    binaries: [],
    files: [],
  });
  const initrd = parts.initramfs.build({
    plan,
    id: `initramfs:${kernel.release}`,
    kernel,
    programs,
    runtime: parts.runtime,
    facts,
    contents,
  });
  const { vmlinuz } = builder(planning, 'buildInitramfs').task(
    {
      id: `kernel:${kernel.release}`,
      title: `kernel ${kernel.release}`,
      place: { on: 'tools', mounts: {} },
      outputs: ['vmlinuz'],
    },
    (ops) => {
      const tree = ops.input({ tree: planning.base, paths: [kernel.image] });
      ops.copy(posix.join(tree as string, kernel.image), ops.output('vmlinuz'), {
        owner: 'root',
        mode: 0o644,
      });
    },
  );
  hooks.buildInitramfs.call({ plan, facts });
  return { facts: kernel, image: vmlinuz, initrd };
}
