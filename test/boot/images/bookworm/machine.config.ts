import { defineConfig } from 'livesys';

import base from './livesys.config.ts';

// What somebody has on a disk who makes images of the system in use, with all that a build runs.
export default defineConfig({
  ...base,
  layers: {
    machine: {
      packages: [
        ...['acl', 'attr', 'libcap2-bin', 'openssh-server'],
        ...['busybox', 'cryptsetup-bin', 'dracut-core', 'squashfs-tools', 'zstd'],
        ...['grub-common', 'grub-pc-bin', 'grub-efi-amd64-signed', 'shim-signed'],
        ...['dosfstools', 'fdisk', 'mtools', 'xorriso'],
        // A greeter, and a desktop.
        ...['lightdm', 'twm', 'policykit-1', 'pamtester', 'procps'],
      ],
    },
  },
  profiles: { live: { layers: ['machine'], default: true } },
});
