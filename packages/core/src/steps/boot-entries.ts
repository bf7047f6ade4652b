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

/**
 * The kernel tries each cipher before its first use, which takes as long as mounting the layers. It is
 * for who changes ciphers; with `fips=1` the kernel does it all the same.
 */
const QUICK = ['cryptomgr.notests'];

/** On every line of the boot menu. */
export const LIVE_ARGUMENTS = [...KEEP_OFF, ...QUICK];

/** Last on every line, so that messages go to both and the screen is the main console. */
const CONSOLES = ['console=ttyS0,115200', 'console=tty0'];

type LinuxEntry = Extract<BootEntry, { kind: 'linux' }>;
type Profile = PreparedImage['profiles'][number];

/** The entry that boots what was chosen last; nobody has to choose again. */
export const SELECTION_ENTRY = 'selection';

/** Further ways to start the default profile. */
const VARIANTS = [
  { purpose: 'safe-graphics', title: ' (safe graphics)', arguments: ['quiet', 'nomodeset'] },
  {
    purpose: 'verbose',
    title: ' (verbose)',
    arguments: ['systemd.show_status=1', 'loglevel=6', 'livesys.debug'],
  },
  { purpose: 'verify', title: 'Verify the medium', arguments: ['quiet', 'livesys.verify=full'] },
  { purpose: 'toram', title: 'Copy to memory', arguments: ['quiet', 'livesys.toram'] },
] as const;

/**
 * The boot menu: as chosen last; each profile, and again without keeping changes where it keeps
 * them; other ways to start the default profile; and what the machine itself offers.
 */
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
  const entries = linuxEntries({
    title: config.title ?? facts.osRelease.prettyName,
    profiles: prepared.profiles.toSorted((a, b) => Number(b.default) - Number(a.default)),
    kernel,
    line: (first, profile) => [
      text`root=livesys:${imageId}`,
      ...first,
      ...LIVE_ARGUMENTS,
      ...shared.arguments,
      ...profile.kernelArguments,
      ...CONSOLES,
    ],
  });
  return hooks.bootEntries.call({
    entries: [
      ...entries,
      { kind: 'local-disk', id: 'local-disk', title: 'Boot from the first disk' },
      { kind: 'firmware-setup', id: 'firmware-setup', title: 'Firmware setup' },
    ],
  }).entries;
}

interface Menu {
  readonly title: string;
  /** At least one, the default first. */
  readonly profiles: readonly Profile[];
  readonly kernel: BootKernel;
  /** The kernel command line of a profile, with what an entry puts before it. */
  readonly line: (first: readonly Text[], profile: Profile) => readonly Text[];
}

function linuxEntries({ title, profiles, kernel, line }: Menu): readonly LinuxEntry[] {
  const [main] = profiles;
  if (main === undefined) return [];
  const common = { kind: 'linux', kernel: kernel.image, initrds: [kernel.initrd] } as const;
  const chosen = (first: readonly Text[]) => ({
    ...common,
    profile: main.name,
    persistence: 'selection' as const,
    arguments: line(first, main),
    choices: profiles
      .filter((profile) => !sameWords(profile.kernelArguments, main.kernelArguments))
      .map((profile) => ({ profile: profile.name, arguments: line(first, profile) })),
  });
  const named = (profile: Profile, persistence: 'on' | 'off', first: readonly Text[]) => ({
    ...common,
    profile: profile.name,
    persistence,
    arguments: line(
      [`livesys.profile=${profile.name}`, `livesys.persistence=${persistence}`, ...first],
      profile,
    ),
  });
  return [
    {
      ...chosen(['quiet']),
      id: SELECTION_ENTRY,
      title: `${title} (as chosen last)`,
      purpose: 'normal',
    },
    ...profiles.flatMap((profile) =>
      waysToKeep(profile).map(({ persistence, suffix, title: after }) => ({
        ...named(profile, persistence, ['quiet']),
        id: `${profile.name}${suffix}`,
        title: `${profile.title}${after}`,
        purpose: 'normal' as const,
      })),
    ),
    ...VARIANTS.map((variant) => ({
      ...named(main, main.persistence === 'off' ? 'off' : 'on', variant.arguments),
      id: `${main.name}-${variant.purpose}`,
      title: variant.title.startsWith(' ') ? `${main.title}${variant.title}` : variant.title,
      purpose: variant.purpose,
    })),
    {
      ...chosen(['quiet', 'livesys.setup-persistence']),
      id: 'set-up-persistence',
      title: 'Set up persistence on this stick',
      purpose: 'set-up-persistence',
    },
  ];
}

const TEMPORARY = {
  persistence: 'off',
  suffix: '-temporary',
  title: ' (without keeping changes)',
} as const;

/** A profile that requires persistence has no entry that goes without. */
function waysToKeep({ persistence }: Profile) {
  const plain = { suffix: '', title: '' };
  if (persistence === 'off') return [{ ...plain, persistence }];
  const kept = { ...plain, persistence: 'on' as const };
  return persistence === 'required' ? [kept] : [kept, TEMPORARY];
}

function sameWords(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((word, index) => word === other[index]);
}
