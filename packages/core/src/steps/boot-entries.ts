import type { BootEntry } from '../contract/boot.ts';
import { text, type Ref, type Text } from '../contract/values.ts';
import type { BootKernel } from './build-initramfs.ts';
import type { Planning } from './context.ts';
import type { PreparedImage } from './prepare-image.ts';

/** The live system must not touch what belongs to the machine it runs on. */
const KEEP_OFF = [
  'rd.auto=0',
  'rd.luks=0',
  'rd.lvm=0',
  'rd.md=0',
  'rd.dm=0',
  'noresume',
  'systemd.gpt_auto=0',
  'systemd.swap=0',
];

/** Last on every line, so that messages go to both and the screen is the main console. */
const CONSOLES = ['console=ttyS0,115200', 'console=tty0'];

const PURPOSES = [
  { purpose: 'normal', suffix: '', title: '', arguments: ['quiet'] },
  {
    purpose: 'safe-graphics',
    suffix: '-safe-graphics',
    title: ' (safe graphics)',
    arguments: ['quiet', 'nomodeset'],
  },
  {
    purpose: 'verbose',
    suffix: '-verbose',
    title: ' (verbose)',
    arguments: ['systemd.show_status=1', 'loglevel=6', 'livesys.debug'],
  },
] as const;

/** The boot menu: each profile, and each again with safe graphics and with all messages. */
export function bootEntries(
  planning: Planning,
  prepared: PreparedImage,
  kernel: BootKernel,
  imageId: Ref,
): readonly BootEntry[] {
  const { facts, config, parts, hooks } = planning;
  const shared = hooks.kernelArguments.call({
    arguments: [...parts.initramfs.kernelArguments, ...config.kernelArguments],
    facts,
  });
  const profiles = prepared.profiles.toSorted((a, b) => Number(b.default) - Number(a.default));
  const entries: BootEntry[] = PURPOSES.flatMap((variant) =>
    profiles.map((profile) => ({
      kind: 'linux' as const,
      id: `${profile.name}${variant.suffix}`,
      title: `${profile.title}${variant.title}`,
      profile: profile.name,
      persistence: profile.persistence,
      purpose: variant.purpose,
      kernel: kernel.image,
      initrds: [kernel.initrd],
      arguments: [
        text`root=livesys:${imageId}`,
        `livesys.profile=${profile.name}`,
        `livesys.persistence=${profile.persistence}`,
        ...KEEP_OFF,
        ...variant.arguments,
        ...shared.arguments,
        ...profile.kernelArguments,
        ...CONSOLES,
      ] satisfies readonly Text[],
    })),
  );
  return hooks.bootEntries.call({
    entries: [
      ...entries,
      { kind: 'local-disk', id: 'local-disk', title: 'Boot from the first disk' },
      { kind: 'firmware-setup', id: 'firmware-setup', title: 'Firmware setup' },
    ],
  }).entries;
}
