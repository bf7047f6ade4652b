import type { Architecture } from '@livesys/core/plugin';

/** What Debian calls each architecture, and the package that brings its general kernel. */
export const DEBIAN_ARCHITECTURES: Readonly<
  Record<Architecture, { readonly name: string; readonly kernel: string }>
> = {
  x86_64: { name: 'amd64', kernel: 'linux-image-amd64' },
  aarch64: { name: 'arm64', kernel: 'linux-image-arm64' },
  i686: { name: 'i386', kernel: 'linux-image-686-pae' },
  riscv64: { name: 'riscv64', kernel: 'linux-image-riscv64' },
};

/** The kernel's name for a Debian architecture, or undefined when livesys does not know it. */
export function fromDebian(name: string): Architecture | undefined {
  const all = Object.keys(DEBIAN_ARCHITECTURES) as Architecture[];
  return all.find((architecture) => DEBIAN_ARCHITECTURES[architecture].name === name);
}
