import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { MountFacts } from '../contract/facts.ts';
import { LivesysError } from '../errors/livesys-error.ts';
import { visibleMounts, type MountEntry } from '../probe/mount-table.ts';
import { rootReader } from '../probe/root-reader.ts';
import { capture } from './command-runner.ts';
import { explained, snapshotFailed } from './snapshot-error.ts';
import type { SnapshotView } from './snapshots.ts';

export interface VolumeSnapshotOptions {
  /** For mounts, in memory. */
  readonly points: string;
  /** Takes a snapshot of the volume with a device number. Gives its device. */
  takeVolume(number: string): Promise<string>;
}

/** A snapshot, mounted in this run alone. */
interface Mounted {
  readonly at: string;
  readonly device: string;
  readonly top: string;
}

/** The snapshots of logical volumes of one run: one of each, taken when it is first asked for. */
export class VolumeSnapshots {
  readonly #options: VolumeSnapshotOptions;
  readonly #mounted = new Map<string, Promise<Mounted>>();

  constructor(options: VolumeSnapshotOptions) {
    this.#options = options;
  }

  /** Throws LIVESYS_SNAPSHOT_FAILED. */
  async of({ at }: MountFacts): Promise<SnapshotView> {
    const entry = visibleMounts(rootReader('/')).find((mount) => mount.at === at);
    if (entry === undefined) throw snapshotFailed(at, ['Nothing is mounted there.']);
    const known = this.#mounted.get(entry.number) ?? this.#mount(entry, this.#mounted.size);
    this.#mounted.set(entry.number, known);
    try {
      const folder = join((await known).top, entry.root);
      return { folder, nested: [], take: async (nested) => join(folder, nested) };
    } catch (error) {
      throw explained(at, error);
    }
  }

  /**
   * Throws LIVESYS_SNAPSHOT_FULL where one has run full: what was read from it since is not what was in
   * the volume, and most programs go on with the rest.
   */
  async assertWhole(): Promise<void> {
    const mounted = await Promise.allSettled(this.#mounted.values());
    for (const result of mounted) {
      if (result.status === 'rejected') continue;
      const { at, device } = result.value;
      const status = await capture(['dmsetup', 'status', basename(device)]);
      if (isWhole(status)) continue;
      throw new LivesysError(
        'LIVESYS_SNAPSHOT_FULL',
        `The snapshot of the volume that is mounted at ${at} ran full while it was read: more was written there meanwhile than it had room for. What was read is not kept.`,
        { details: [`${device}: ${status}`] },
      );
    }
  }

  async #mount({ at, number, type }: MountEntry, index: number): Promise<Mounted> {
    const top = join(this.#options.points, `lvm-${index}`);
    await mkdir(top, { recursive: true });
    const device = await this.#options.takeVolume(number);
    await capture(['mount', '-t', type, '-o', optionsFor(type), device, top]);
    return { at, device, top };
  }
}

/**
 * LVM freezes a file system while it takes a snapshot. That leaves the journal of an ext empty; if it
 * did not, the kernel would refuse to mount it, since the snapshot cannot be written to. An xfs has
 * something in its log for the recovery of files that are deleted and still open, and the UUID of one
 * that is mounted. Source: Documentation/admin-guide/xfs.rst.
 */
function optionsFor(type: string): string {
  return type === 'xfs' ? 'ro,nouuid,norecovery' : 'ro';
}

/**
 * Reads what the device mapper says of a snapshot: how much of its room is used, or else what is wrong.
 * Source: Documentation/admin-guide/device-mapper/{snapshot,thin-provisioning}.rst.
 */
export function isWhole(status: string): boolean {
  const [, , target, state = ''] = status.trim().split(' ');
  return target === 'thin' ? /^\d+$/.test(state) : /^\d+\/\d+$/.test(state);
}
