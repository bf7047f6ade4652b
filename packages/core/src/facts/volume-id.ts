import type { Probe } from '../contract/probe.ts';
import type { MountEntry } from '../probe/mount-table.ts';

/**
 * The UUID, as LVM writes it, of the logical volume that a file system lies on; undefined where it lies
 * on none, or on something in between, such as encryption. Anybody may read it. Source: LVM gives the
 * device mapper `LVM-`, the UUID of the volume group and that of the volume, and for parts of a volume
 * that nobody mounts a suffix; lib/activate/dev_manager.c.
 */
export function volumeId(probe: Probe, { number }: Pick<MountEntry, 'number'>): string | undefined {
  const uuid = probe.readText(`/sys/dev/block/${number}/dm/uuid`) ?? '';
  const [, own] = /^LVM-\w{32}(\w{32})\s*$/.exec(uuid) ?? [];
  return own?.replace(/^(.{6})(.{4})(.{4})(.{4})(.{4})(.{4})(.{6})$/, '$1-$2-$3-$4-$5-$6-$7');
}
