import type { MountFacts, MountSnapshot } from '../contract/facts.ts';
import type { Probe } from '../contract/probe.ts';
import { isWithin, subvolumeOf, visibleMounts, type MountEntry } from '../probe/mount-table.ts';
import { volumeId } from './volume-id.ts';
import { swapFiles } from './swap-files.ts';

/** What a snapshot of a volume can be mounted as without being written to. */
const ON_VOLUMES = new Set(['ext2', 'ext3', 'ext4', 'xfs']);

/** Says of each mount that is in whether its files are read from a snapshot, or why not. */
export function judgeSnapshots(probe: Probe, mounts: readonly MountFacts[]): readonly MountFacts[] {
  const entries = visibleMounts(probe);
  const swapping = swapFiles(probe).map((path) =>
    sharedBy(entries.findLast(({ at }) => isWithin(path, at))),
  );
  return mounts.map((mount) => {
    const entry = entries.find(({ at }) => at === mount.at);
    if (mount.is === 'out' || entry === undefined) return mount;
    const isSwapping = swapping.includes(sharedBy(entry));
    return { ...mount, snapshot: judge(entry, probe, isSwapping) };
  });
}

function judge(entry: MountEntry, probe: Probe, isSwapping: boolean): MountSnapshot {
  if (entry.options.split(',').includes('ro')) return 'read-only';
  if (entry.type === 'btrfs') return isSwapping ? 'swap' : 'taken';
  if (volumeId(probe, entry) === undefined) return 'type';
  return ON_VOLUMES.has(entry.type) ? 'volume' : 'lvm';
}

/** What is the same for all mounts of one subvolume. */
function sharedBy(entry: MountEntry | undefined): string {
  return entry === undefined ? '' : `${entry.number} ${subvolumeOf(entry)}`;
}
