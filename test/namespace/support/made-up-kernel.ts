import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Folders that, put in place of those of a machine, give it a kernel that nothing can start. */
export interface MadeUpKernel {
  readonly release: string;
  readonly boot: string;
  readonly modules: string;
}

/** Names of modules without which a kernel is refused. */
const MODULES = [
  ...['overlay', 'squashfs', 'loop', 'isofs', 'vfat', 'nls_cp437', 'nls_ascii'],
  ...['usb-storage', 'uas', 'xhci-pci', 'sr_mod', 'sd_mod', 'ahci', 'nvme'],
  ...['virtio_blk', 'virtio_pci'],
];

/** Makes them as Debian lays out a kernel. */
export function makeUpKernel(folder: string): MadeUpKernel {
  const release = '99.0-livesys';
  const [boot, modules] = [join(folder, 'boot'), join(folder, 'modules')];
  const own = join(modules, release);
  for (const path of [boot, own]) mkdirSync(path, { recursive: true });
  writeFileSync(join(boot, `vmlinuz-${release}`), 'kernel\n');
  writeFileSync(join(own, 'modules.builtin'), '');
  writeFileSync(
    join(own, 'modules.dep'),
    MODULES.map((name) => `kernel/drivers/${name}.ko:\n`).join(''),
  );
  return { release, boot, modules };
}
