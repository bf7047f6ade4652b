import type { BootEntry } from '@livesys/core/plugin';
import { entryId, quoteTitle } from './escape.ts';

type MachineEntry = Exclude<BootEntry, { kind: 'linux' }>;

/** Starts what is installed on the machine. */
export function localDisk({ id, title }: MachineEntry): readonly string[] {
  return [
    `menuentry ${quoteTitle(title)} --id ${entryId(id)} {`,
    '  if [ "$grub_platform" = pc ]; then',
    // A BIOS numbers the disk it started from as the first, unless that was a CD.
    `    if regexp '^hd0' "$root"; then set disk=hd1; else set disk=hd0; fi`,
    '    drivemap -s hd0 $disk',
    '    set root=$disk',
    '    chainloader +1',
    '  else',
    // Back to the firmware, which goes on with its boot order or, as EDK II does, shows it.
    '    exit',
    '  fi',
    '}',
  ];
}

/** Opens the set-up of a UEFI; a BIOS has no way to be asked. */
export function firmwareSetup({ id, title }: MachineEntry): readonly string[] {
  return [
    'if [ "$grub_platform" = efi ]; then',
    `  menuentry ${quoteTitle(title)} --id ${entryId(id)} {`,
    '    fwsetup',
    '  }',
    'fi',
  ];
}
