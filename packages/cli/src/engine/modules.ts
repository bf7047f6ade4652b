import * as grub from '@livesys/bootloader-grub';
import * as core from '@livesys/core';
import * as plugin from '@livesys/core/plugin';
import * as arch from '@livesys/distro-arch';
import * as debian from '@livesys/distro-debian';
import * as parts from '@livesys/distro-parts';
import * as dracut from '@livesys/initramfs-dracut';
import type { Modules } from '@livesys/core';

import * as livesys from '../index.ts';

/** Packages that a config imports from this installation, so that each is there once. */
export const MODULES: Modules = {
  livesys,
  '@livesys/core': core,
  '@livesys/core/plugin': plugin,
  '@livesys/distro-arch': arch,
  '@livesys/distro-debian': debian,
  '@livesys/distro-parts': parts,
  '@livesys/initramfs-dracut': dracut,
  '@livesys/bootloader-grub': grub,
};
