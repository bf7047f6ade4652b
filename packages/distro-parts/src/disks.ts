import type { Facts, Ops } from '@livesys/core/plugin';
import { UNITS } from './units.ts';

const FSTAB = `# Nothing is mounted from here: the live system is put together before this is read.
`;

const LVM = `# Volumes on the disks of the machine are not this system's: nothing is activated by itself.
activation {
	auto_activation_volume_list = []
}
`;

const DISKS = '^What=(/dev/|UUID=|LABEL=|PARTUUID=|PARTLABEL=)';

/** Where a distribution has settings of programs that look after disks. */
export interface DiskSettings {
  /** The file that mdadm was built to read. */
  readonly mdadm: string;
}

/**
 * Records that the disks of the machine are left alone: each line of a table or unit would be waited
 * for, or worse, be used. cryptsetup, mdadm and LVM are told so where a package `cryptsetup`, `mdadm`
 * or `lvm2` is there.
 */
export function forgetDisks(ops: Ops, facts: Facts, settings: DiskSettings): void {
  const has = (name: string) => facts.distro.packages[name] !== undefined;
  ops.write('/etc/fstab', FSTAB);
  ops.link('../proc/self/mounts', '/etc/mtab');
  if (has('cryptsetup'))
    ops.write('/etc/crypttab', '# No encrypted disk belongs to this system.\n');
  if (has('mdadm')) ops.write(settings.mdadm, 'AUTO -all\n');
  if (has('lvm2')) ops.write('/etc/lvm/lvmlocal.conf', LVM);
  ops.exec(['find', UNITS, '-name', '*.swap', '-delete']);
  ops.exec([
    ...['find', UNITS, '-type', 'f', '-name', '*.mount'],
    ...['-exec', 'grep', '-qE', DISKS, '{}', ';', '-delete'],
  ]);
}
