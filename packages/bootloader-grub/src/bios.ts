import type { Artifact, BootloaderContext } from '@livesys/core/plugin';
import { embeddedConfig } from './find-medium.ts';
import { BIOS_MODULES } from './modules.ts';

const FOLDER = '/usr/lib/grub/i386-pc';
const CONFIG = '/tmp/grub-bios.cfg';

export interface BiosFiles {
  /** What a BIOS loads from a CD. */
  readonly elTorito: Artifact;
  /** Boot sector that loads the same image from a stick. */
  readonly mbr: Artifact;
}

/** Makes GRUB for machines with a BIOS. */
export function biosFiles({ plan, marker }: BootloaderContext): BiosFiles {
  return plan.task(
    {
      id: 'bootloader:bios',
      title: 'GRUB for BIOS',
      place: { on: 'tools', mounts: {} },
      outputs: ['elTorito', 'mbr'],
    },
    (ops) => {
      ops.write(CONFIG, embeddedConfig(marker));
      ops.exec([
        'grub-mkimage',
        '--format=i386-pc-eltorito',
        `--directory=${FOLDER}`,
        '--prefix=/boot/grub',
        `--config=${CONFIG}`,
        '--output',
        ops.output('elTorito'),
        ...BIOS_MODULES,
      ]);
      ops.copy(`${FOLDER}/boot_hybrid.img`, ops.output('mbr'));
    },
  );
}
