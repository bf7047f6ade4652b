import type { Bootloader } from '@livesys/core/plugin';
import { defineConfig, disk, iso } from 'livesys';

import base from './livesys.config.ts';

/** Boot code that can be told apart by whoever reads it. */
const bootloader: Bootloader = {
  version: '1.0.0',
  apiVersion: '^1.0.0',
  role: 'bootloader',
  name: 'tiny-disk-loader',
  supports: { firmware: ['bios', 'uefi'], architecture: ['x86_64'], kernelsOn: 'medium' },
  assets({ plan, marker }) {
    const outputs = ['mbr', 'core', 'efi'] as const;
    const { mbr, core, efi } = plan.task(
      { id: 'bootloader:tiny', place: { on: 'tools', mounts: {} }, outputs },
      (ops) => {
        // More than the 440 bytes that a boot sector has for it.
        ops.write(ops.output('mbr'), 'boot sector '.repeat(100));
        ops.write(ops.output('core'), 'boot partition');
        ops.write(ops.output('efi'), 'efi program');
      },
    );
    return {
      firmware: ['bios', 'uefi'],
      esp: { '/EFI/BOOT/BOOTX64.EFI': efi, '/boot/find': marker },
      raw: [
        { at: 'mbr-code', bytes: mbr, for: 'disk' },
        { at: 'bios-boot-partition', bytes: core, for: 'disk' },
      ],
    };
  },
};

export default defineConfig({
  ...base,
  bootloader,
  profiles: { office: { layers: ['site'], persistence: 'on' }, rescue: { layers: [] } },
  outputs: [iso(), disk({ data: '64M' })],
});
