import type { BootAssets, Bootloader, BootloaderContext } from '@livesys/core/plugin';
import { biosFiles } from './bios.ts';
import { loopbackConfig, menuConfig } from './menu.ts';
import { NEEDS } from './needs.ts';
import { type GrubOptions, type ResolvedGrubOptions, resolveOptions } from './options.ts';
import { uefiFiles } from './uefi.ts';

export type { GrubOptions } from './options.ts';

/**
 * GRUB, for BIOS and UEFI from one medium. On Debian the UEFI side is Debian's own signed shim and
 * GRUB, so it starts with Secure Boot on.
 *
 * @example
 * bootloader: grub({ timeout: 10 })
 */
export default function grub(options?: GrubOptions): Bootloader {
  const resolved = resolveOptions(options);
  return {
    role: 'bootloader',
    name: '@livesys/bootloader-grub',
    version: '0.1.0',
    apiVersion: '^1.0.0',
    needs: NEEDS,
    supports: { firmware: ['bios', 'uefi'], architecture: ['x86_64'], kernelsOn: 'medium' },
    assets: (context) => assets(context, resolved),
  };
}

function assets(context: BootloaderContext, options: ResolvedGrubOptions): BootAssets {
  const bios = biosFiles(context);
  return {
    firmware: ['bios', 'uefi'],
    esp: uefiFiles(context),
    medium: {
      '/boot/grub/grub.cfg': menuConfig(context, options),
      '/boot/grub/loopback.cfg': loopbackConfig(context),
    },
    elTorito: { bios: bios.elTorito },
    raw: [
      { at: 'mbr-code', bytes: bios.mbr, for: 'iso', patch: 'grub2' },
      { at: 'mbr-code', bytes: bios.diskMbr, for: 'disk' },
      { at: 'bios-boot-partition', bytes: bios.core, for: 'disk' },
    ],
  };
}
