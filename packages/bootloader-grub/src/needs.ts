import type { Need } from '@livesys/core/plugin';

/** What the tasks of this plugin find in the tools tree. */
export const NEEDS: readonly Need[] = [
  {
    name: 'grub-mkimage',
    reason: 'makes the GRUB image',
    packages: { debian: ['grub-common'], arch: ['grub'] },
  },
  {
    name: 'grub-bios-modules',
    reason: 'GRUB for machines with a BIOS',
    packages: { debian: ['grub-pc-bin'], arch: ['grub'] },
  },
  {
    name: 'grub-uefi',
    reason: 'GRUB for machines with UEFI, signed where the distribution has it',
    packages: { debian: ['grub-efi-amd64-signed', 'shim-signed'], arch: ['grub'] },
  },
];
