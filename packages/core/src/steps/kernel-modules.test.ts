import { describe, expect, it } from 'vitest';
import type { KernelFacts } from '../contract/facts.ts';
import type { LayerFormat } from '../config/resolved.ts';
import type { LivesysError } from '../errors/livesys-error.ts';
import { assertKernelFits } from './kernel-modules.ts';

const GENERAL = [
  ...['squashfs', 'overlay', 'loop', 'usb_storage', 'uas', 'xhci_pci', 'sr_mod', 'isofs', 'vfat'],
  ...['nls_cp437', 'nls_ascii', 'ahci', 'nvme', 'sd_mod', 'virtio_blk', 'virtio_pci'],
];

function kernel(moduleNames: readonly string[], builtinNames: readonly string[] = []): KernelFacts {
  const release = '6.1.0-test';
  return {
    ...{ release, image: `/boot/vmlinuz-${release}`, modules: `/lib/modules/${release}` },
    ...{ moduleNames, builtinNames },
  };
}

function refusal(
  found: KernelFacts,
  hardware: 'general' | 'virtual',
  format: LayerFormat = 'squashfs',
): LivesysError {
  try {
    assertKernelFits(found, hardware, format);
  } catch (error) {
    return error as LivesysError;
  }
  throw new Error('it was taken');
}

const without = (...names: readonly string[]) => GENERAL.filter((name) => !names.includes(name));

describe('a kernel for a live system', () => {
  it('has what stacks layers and what reads media, as modules or built in', () => {
    expect(() => assertKernelFits(kernel(GENERAL), 'general', 'squashfs')).not.toThrow();
    const mixed = kernel(without('loop', 'vfat'), ['loop', 'vfat']);
    expect(() => assertKernelFits(mixed, 'general', 'squashfs')).not.toThrow();
  });

  it.each(['squashfs', 'overlay', 'loop'])('is refused without %s, on any hardware', (name) => {
    for (const hardware of ['general', 'virtual'] as const) {
      const error = refusal(kernel(without(name)), hardware);
      expect(error.code).toBe('LIVESYS_KERNEL_MISSING_MODULE');
      expect(error.message).toContain(name);
    }
  });

  it('for clouds is refused with every missing driver, and taken for virtual machines', () => {
    const cloud = kernel(without('usb_storage', 'uas', 'sr_mod'));
    const error = refusal(cloud, 'general');
    expect(error.message).toContain('usb_storage, uas, sr_mod');
    expect(error.hint).toContain("hardware: 'virtual'");
    expect(() => assertKernelFits(cloud, 'virtual', 'squashfs')).not.toThrow();
  });

  it('is refused without erofs where layers are erofs, and both sides are named', () => {
    const error = refusal(kernel(GENERAL), 'general', 'erofs');
    expect(error.code).toBe('LIVESYS_KERNEL_MISSING_MODULE');
    expect(error.message).toMatch(/kernel 6\.1\.0-test has no erofs module.*layer format "erofs"/);
    expect(error.hint).toContain("format: 'squashfs'");
    expect(() => assertKernelFits(kernel([...GENERAL, 'erofs']), 'general', 'erofs')).not.toThrow();
  });

  it('is refused without a list of its modules', () => {
    expect(refusal(kernel([]), 'virtual').code).toBe('LIVESYS_KERNEL_MISSING');
  });
});
