import grub from '@livesys/bootloader-grub';
import {
  archive,
  bootstrap,
  directory,
  disk,
  iso,
  LivesysError,
  type Builtins,
  type Defaults,
} from '@livesys/core';
import type { Source } from '@livesys/core/plugin';
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
  distros: { debian },
  initramfs: { dracut },
  bootloaders: { grub },
  outputs: { iso, disk },
  plugins: {},
};

/** What stands in where a config leaves a slot out. */
export function defaults(): Defaults {
  return { distros: [debian()], initramfs: dracut(), bootloader: grub(), runtime: runtime() };
}

/** The source of a config that names none. The running system cannot be captured yet. */
function host(): Source {
  return {
    role: 'source',
    name: 'livesys/host',
    version: '0.1.0',
    apiVersion: '^1.0.0',
    label: '/',
    plan() {
      throw new LivesysError(
        'LIVESYS_CONFIG_INVALID',
        'The running system cannot be the source yet.',
        { hint: 'Name another: livesys build debian:bookworm, a folder, or an archive.' },
      );
    },
  };
}
