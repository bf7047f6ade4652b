import { blob, text, type Artifact, type BootloaderContext, type Ops } from '@livesys/core/plugin';
import { embeddedConfig } from './find-medium.ts';
import { BIOS_MODULES } from './modules.ts';

const FOLDER = '/usr/lib/grub/i386-pc';
const CONFIG = '/tmp/grub-bios.cfg';

/** Where the BIOS boot partition of a disk begins, as the contract says. */
const BIOS_BOOT_SECTOR = 2048;

export interface BiosFiles {
  /** What a BIOS loads from a CD. */
  readonly elTorito: Artifact;
  /** Boot sector that loads the same image from a stick. */
  readonly mbr: Artifact;
  /** Boot sector of a disk. */
  readonly diskMbr: Artifact;
  /** What it loads. */
  readonly core: Artifact;
}

/** Makes GRUB for machines with a BIOS. */
export function biosFiles({ plan, marker }: BootloaderContext): BiosFiles {
  return plan.task(
    {
      id: 'bootloader:bios',
      title: 'GRUB for BIOS',
      place: { on: 'tools', mounts: {} },
      outputs: ['elTorito', 'mbr', 'diskMbr', 'core'],
    },
    (ops) => {
      ops.write(CONFIG, embeddedConfig(marker));
      makeImage(ops, { format: 'i386-pc-eltorito', prefix: '/boot/grub', output: 'elTorito' });
      ops.copy(`${FOLDER}/boot_hybrid.img`, ops.output('mbr'));
      makeImage(ops, { format: 'i386-pc', prefix: '(,gpt3)/boot/grub', output: 'core' });
      ops.copy(`${FOLDER}/boot.img`, ops.output('diskMbr'));
      for (const patch of PATCHES) writeAt(ops, patch);
    },
  );
}

function makeImage(
  ops: Ops,
  image: { readonly format: string; readonly prefix: string; readonly output: string },
): void {
  ops.exec([
    'grub-mkimage',
    `--format=${image.format}`,
    `--directory=${FOLDER}`,
    `--prefix=${image.prefix}`,
    `--config=${CONFIG}`,
    '--output',
    ops.output(image.output),
    ...BIOS_MODULES,
  ]);
}

/**
 * What grub-bios-setup would write, which wants a device: where each part continues, as
 * include/grub/i386/pc/boot.h of GRUB names the places.
 */
const PATCHES = [
  // GRUB_BOOT_MACHINE_KERNEL_SECTOR: the sector that the boot sector loads
  { output: 'diskMbr', at: 0x5c, bytes: blob(sector(BIOS_BOOT_SECTOR)) },
  // GRUB_BOOT_MACHINE_DRIVE_CHECK: two NOPs turn on the check for BIOSes that pass a wrong drive
  { output: 'diskMbr', at: 0x66, bytes: blob(Uint8Array.of(0x90, 0x90)) },
  // The block list at the end of the first sector of the image: where its second sector lies.
  { output: 'core', at: 0x1f4, bytes: blob(sector(BIOS_BOOT_SECTOR + 1)) },
] as const;

function sector(number: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(number), true);
  return bytes;
}

function writeAt(ops: Ops, { output, at, bytes }: (typeof PATCHES)[number]): void {
  const from = text`if=${ops.input(bytes)}`;
  const to = text`of=${ops.output(output)}`;
  ops.exec(['dd', from, to, 'bs=1', `seek=${at}`, 'conv=notrunc', 'status=none']);
}
