import type { KernelFacts } from '@livesys/core/plugin';
import { LEFT_OUT } from './drivers.ts';
import type { chooseFlow, ResolvedDracutOptions } from './options.ts';

/**
 * Modules that have no place in an image for every machine: other ways to a live root, which would
 * meet ours, and everything that would look for the disks of the machine it boots on. Names that a
 * version of dracut does not know are ignored by it.
 */
const OMITTED = [
  ...['overlay-root', 'overlayfs', 'dmsquash-live', 'dmsquash-live-ntfs', 'livenet'],
  ...[
    'lvm',
    'mdraid',
    'dmraid',
    'multipath',
    'crypt',
    'resume',
    'btrfs',
    'bcache',
    'lunmask',
    'nvdimm',
  ],
  ...[
    'nfs',
    'iscsi',
    'fcoe',
    'fcoe-uefi',
    'nbd',
    'cifs',
    'nvmf',
    'network',
    'kernel-network-modules',
  ],
  ...[
    'qemu-net',
    'virtiofs',
    'rootfs-block',
    'fstab-sys',
    'biosdevname',
    'memstrack',
    'squash',
    'plymouth',
  ],
  // depends on where it is built
  ...['qemu', 'virtfs'],
  ...['hwdb', 'terminfo'],
];

/** Without these dracut starts its own script. */
const SYSTEMD = ['systemd', 'systemd-initrd', 'dracut-systemd', 'systemd-udevd'];

/** Arguments of dracut but for the output: generic, reproducible, blind to the builder's settings. */
export function dracutArguments(
  kernel: KernelFacts,
  { compress }: Pick<ResolvedDracutOptions, 'compress'>,
  flow: ReturnType<typeof chooseFlow>,
): readonly string[] {
  return [
    '--force',
    ...[
      '--no-hostonly',
      '--no-hostonly-cmdline',
      '--no-hostonly-default-device',
      '--no-hostonly-i18n',
    ],
    ...['--conf', '/dev/null', '--confdir', '/tmp/dracut-conf'],
    ...['--add', 'livesys', '--omit', [...OMITTED, ...(flow === 'plain' ? SYSTEMD : [])].join(' ')],
    // Otherwise every file system of the kernel; those of media are on the list of the runtime.
    ...['--filesystems', 'squashfs', '--omit-drivers', LEFT_OUT.join(' ')],
    ...['--kver', kernel.release, '--kmoddir', kernel.modules],
    ...['--tmpdir', '/var/tmp', '--reproducible', '--no-early-microcode', '--compress', compress],
  ];
}
