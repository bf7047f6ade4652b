import type { Artifact, BootAssets, BootloaderContext, OsRelease } from '@livesys/core/plugin';
import { embeddedConfig, firstConfig } from './find-medium.ts';
import { UEFI_MODULES } from './modules.ts';

/** Distributions that sign a GRUB for media, by os-release ID, and where their files lie. */
const SIGNED: Readonly<Record<string, SignedFiles>> = {
  debian: {
    shim: '/usr/lib/shim/shimx64.efi.signed',
    // Prefix /boot/grub; grubx64.efi.signed is for installed systems and looks in /EFI/debian.
    grub: '/usr/lib/grub/x86_64-efi-signed/gcdx64.efi.signed',
    keyManager: '/usr/lib/shim/mmx64.efi.signed',
  },
};

interface SignedFiles {
  readonly shim: string;
  readonly grub: string;
  readonly keyManager: string;
}

const CONFIG = '/tmp/grub-uefi.cfg';

/** Files of the EFI system partition: the signed pair where there is one, else our own GRUB. */
export function uefiFiles(context: BootloaderContext): NonNullable<BootAssets['esp']> {
  const signed = signedFiles(context.facts.osRelease);
  return signed === undefined ? ownGrub(context) : signedPair(context, signed);
}

function signedFiles({ id, idLike }: OsRelease): SignedFiles | undefined {
  return [id, ...idLike].map((name) => SIGNED[name]).find((files) => files !== undefined);
}

// fbx64.efi is left out: it writes boot variables into the firmware of whoever starts the medium.
function signedPair(
  { plan, marker }: BootloaderContext,
  files: SignedFiles,
): NonNullable<BootAssets['esp']> {
  const { shim, grub, keyManager } = plan.task(
    {
      id: 'bootloader:uefi',
      title: 'signed GRUB for UEFI',
      place: { on: 'tools', mounts: {} },
      outputs: ['shim', 'grub', 'keyManager'],
    },
    (ops) => {
      ops.copy(files.shim, ops.output('shim'));
      ops.copy(files.grub, ops.output('grub'));
      ops.copy(files.keyManager, ops.output('keyManager'));
    },
  );
  return {
    '/EFI/BOOT/BOOTX64.EFI': shim,
    '/EFI/BOOT/grubx64.efi': grub,
    '/EFI/BOOT/mmx64.efi': keyManager,
    '/boot/grub/x86_64-efi/grub.cfg': firstConfig(marker),
  };
}

function ownGrub(context: BootloaderContext): Readonly<Record<string, Artifact>> {
  const { grub } = context.plan.task(
    {
      id: 'bootloader:uefi',
      title: 'GRUB for UEFI',
      place: { on: 'tools', mounts: {} },
      outputs: ['grub'],
    },
    (ops) => {
      ops.write(CONFIG, embeddedConfig(context.marker));
      ops.exec([
        'grub-mkimage',
        '--format=x86_64-efi',
        '--directory=/usr/lib/grub/x86_64-efi',
        '--prefix=/boot/grub',
        `--config=${CONFIG}`,
        '--output',
        ops.output('grub'),
        ...UEFI_MODULES,
      ]);
    },
  );
  return { '/EFI/BOOT/BOOTX64.EFI': context.sign(grub) };
}
