import { posix } from 'node:path';
import type { MountFacts, MountSnapshot } from '../contract/facts.ts';
import type { Probe } from '../contract/probe.ts';
import { isWithin, subvolumeOf, visibleMounts, type MountEntry } from '../probe/mount-table.ts';
import { swapFiles } from './swap-files.ts';

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
  if (entry.type !== 'btrfs') return isOfLvm(entry, probe) ? 'lvm' : 'type';
  return isSwapping ? 'swap' : 'taken';
}

/** What is the same for all mounts of one subvolume. */
function sharedBy(entry: MountEntry | undefined): string {
  return entry === undefined ? '' : `${entry.number} ${subvolumeOf(entry)}`;
}

function isOfLvm({ device }: MountEntry, probe: Probe): boolean {
  const node = device.startsWith('/dev/') ? probe.realPath(device) : undefined;
  if (node === undefined) return false;
  const uuid = probe.readText(`/sys/class/block/${posix.basename(node)}/dm/uuid`);
  return uuid?.startsWith('LVM-') === true;
}
