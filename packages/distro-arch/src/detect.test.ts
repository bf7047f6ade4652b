import { memoryProbe, type SampleRoot } from '@livesys/plugin-testkit';
import { describe, expect, it } from 'vitest';
import { ARCH, ENDEAVOUROS, MANJARO } from '../../../test/support/arch-roots.ts';
import { detect } from './detect.ts';

const found = (root: SampleRoot) => detect(memoryProbe(root));

/** A root with some files in place of others; undefined takes one away. */
function changed(root: SampleRoot, changes: Record<string, string | undefined>): SampleRoot {
  const files = { ...root.files, ...changes };
  const left = Object.entries(files).filter(([, content]) => content !== undefined);
  return { ...root, files: Object.fromEntries(left) as Record<string, string> };
}

describe('detect', () => {
  it('reads packages with their versions, the architecture and the init system', () => {
    const facts = found(ARCH);
    expect(facts).toMatchObject({ release: '', architecture: 'x86_64', initSystem: 'systemd' });
    expect(facts.packages).toMatchObject({ 'linux-lts': '6.6.64-1', xz: '1:5.6.3-1' });
    expect(facts.packagesChanged).toBeGreaterThan(0);
  });

  it('finds several kernels beside their modules, newest first, and not what one left behind', () => {
    const { kernels } = found(ARCH);
    expect(kernels.map(({ release, package: owner }) => [release, owner])).toEqual([
      ['6.12.4-arch1-1', 'linux'],
      ['6.6.64-1-lts', 'linux-lts'],
    ]);
    expect(kernels[0]).toMatchObject({
      image: '/usr/lib/modules/6.12.4-arch1-1/vmlinuz',
      modules: '/usr/lib/modules/6.12.4-arch1-1',
      builtinNames: ['ext4', 'sd_mod', 'virtio_pci'],
    });
    expect(kernels[0]?.moduleNames).toContain('usb_storage');
  });

  it("prefers the distribution's usual kernel to another one as new", () => {
    expect(found(ENDEAVOUROS).kernels.map((one) => one.package)).toEqual(['linux', 'linux-zen']);
  });

  it("knows Manjaro's names, and that a folder of extra modules is no kernel", () => {
    expect(found(MANJARO).kernels).toEqual([
      expect.objectContaining({ release: '6.12.4-1-MANJARO', package: 'linux612' }),
    ]);
  });

  it('does not take the copy in /boot for the image of modules that have none', () => {
    const without = { '/usr/lib/modules/6.12.4-arch1-1/vmlinuz': undefined };
    const facts = found(changed(ARCH, without));
    expect(facts.kernels.map(({ release }) => release)).toEqual(['6.6.64-1-lts']);
    expect(facts.incompleteKernels).toContainEqual({
      release: '6.12.4-arch1-1',
      lacks: '/usr/lib/modules/6.12.4-arch1-1/vmlinuz',
    });
  });

  it('takes no kernel without the list of its modules, and tells it', () => {
    const lacks = '/usr/lib/modules/6.12.4-arch1-1/modules.dep';
    const facts = found(changed(ARCH, { [lacks]: undefined }));
    expect(facts.kernels.map(({ release }) => release)).toEqual(['6.6.64-1-lts']);
    expect(facts.incompleteKernels).toContainEqual({ release: '6.12.4-arch1-1', lacks });
    expect(found(MANJARO).incompleteKernels).toBeUndefined();
  });

  it('gives a kernel that was kept over an upgrade no package', () => {
    const kept = '/usr/lib/modules/6.12.1-arch1-1';
    const { kernels } = found(
      changed(ARCH, {
        [`${kept}/vmlinuz`]: '',
        [`${kept}/pkgbase`]: 'linux\n',
        [`${kept}/modules.dep`]: 'kernel/a.ko.zst:\n',
      }),
    );
    expect(kernels.map((one) => one.package)).toEqual(['linux', undefined, 'linux-lts']);
  });

  it('reads the architectures of CachyOS, and refuses a root without packages', () => {
    const glibc = '/var/lib/pacman/local/glibc-2.40+r16+gaa533d58ff-2/desc';
    const ofKind = (name: string) => changed(ARCH, { [glibc]: `%ARCH%\n${name}\n` });
    expect(found(ofKind('x86_64_v3')).architecture).toBe('x86_64');
    expect(() => found(ofKind('pentium4'))).toThrow(/pentium4/);
    expect(() => found({ name: 'empty', files: {} })).toThrow(
      expect.objectContaining({ code: 'LIVESYS_SOURCE_NOT_ROOT' }),
    );
  });
});
