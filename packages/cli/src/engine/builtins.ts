import grub from '@livesys/bootloader-grub';
import {
  archive,
  bootstrap,
  directory,
  disk,
  host,
  iso,
  type Builtins,
  type Defaults,
} from '@livesys/core';
import arch from '@livesys/distro-arch';
import debian from '@livesys/distro-debian';
import dracut from '@livesys/initramfs-dracut';
import { runtime } from '@livesys/runtime';

/** Takes the options of a config's `["name", options]`, where a path may stand by itself. */
const pathOf = (options: string | { readonly path: string } | undefined): string =>
  typeof options === 'object' ? options.path : (options ?? '');

/** The parts that come with livesys, by the names that a config may use for them. */
export const BUILTINS: Builtins = {
  sources: {
    bootstrap,
    directory: (options: string | { readonly path: string }) => directory(pathOf(options)),
    archive: (options: string | { readonly path: string }) => archive(pathOf(options)),
    host,
  },
  distros: { arch, debian },
  initramfs: { dracut },
  bootloaders: { grub },
  outputs: { iso, disk },
  plugins: {},
};

/** What stands in where a config leaves a slot out. */
export function defaults(): Defaults {
  return {
    distros: [arch(), debian()],
    initramfs: dracut(),
    bootloader: grub(),
    runtime: runtime(),
  };
}
