import { posix } from 'node:path';
import type { Probe } from '../contract/probe.ts';
import type { MountEntry } from '../probe/mount-table.ts';

/** A whole disk, by its place in /sys. */
interface Disk {
  readonly path: string;
  /** Whether it can be taken out, or hangs on a cable outside of the machine. */
  readonly removable: boolean;
}

/** The disks that a mounted file system lies on; none where it has no device. */
export function disksOf(probe: Probe, { device, number }: MountEntry): readonly Disk[] {
  // The device of a btrfs has another number than the file system.
  const node = device.startsWith('/dev/') ? probe.realPath(device) : undefined;
  const known = node === undefined ? undefined : `/sys/class/block/${posix.basename(node)}`;
  const path = probe.realPath(known ?? `/sys/dev/block/${number}`);
  return path === undefined ? [] : wholeDisks(probe, path);
}

/** Goes down through encryption, volumes and arrays to what they lie on. */
function wholeDisks(probe: Probe, path: string): readonly Disk[] {
  const below = probe.list(`${path}/slaves`);
  if (below.length > 0) {
    return below.flatMap((name) => {
      const slave = probe.realPath(`${path}/slaves/${name}`);
      return slave === undefined ? [] : wholeDisks(probe, slave);
    });
  }
  const isPartition = probe.stat(`${path}/partition`) !== undefined;
  const disk = isPartition ? posix.dirname(path) : path;
  const says = (file: string): string | undefined => probe.readText(`${disk}/${file}`)?.trim();
  // The kernel calls no memory card removable, since its reader stays.
  const removable =
    says('removable') === '1' || says('device/type') === 'SD' || disk.includes('/usb');
  return [{ path: disk, removable }];
}
