import { join } from 'node:path';
import { SNAPSHOTS, type Plan } from '../plan/model.ts';
import type { MountEntry } from '../probe/mount-table.ts';
import { mountsFrom } from './snapshot-mounts.ts';
import { IS_DEAD } from './snapshot-owner.ts';

/** First line of the file in it that tells whose it is. */
export const OWNER_FORMAT = 'livesys-snapshot 1';

/** The mounts that a plan reads from snapshots of subvolumes. */
export function snapshotMounts(plan: Plan): readonly MountEntry[] {
  return mountsFrom(plan, 'taken').filter(
    ({ type, options }) => type === 'btrfs' && !options.split(',').includes('ro'),
  );
}

/** A device of each file system that a plan takes snapshots on. */
export function snapshotDevices(plan: Plan): readonly string[] {
  const devices = new Map(snapshotMounts(plan).map(({ number, device }) => [number, device]));
  return [...devices.values()];
}

/**
 * Removes snapshots of a run, and of runs that are dead. Whose a folder is stands in it; what has no
 * such note is left alone. A folder that was a change at the top of a file system gets the time back
 * that it had, if nothing else has changed it.
 */
const SWEEP = `set -f
point=$1 own=$2 status=0; shift 2
${IS_DEAD}
is_left() {
  run=\${1##*/${SNAPSHOTS}}
  [ "$run" != "$own" ] || return 0
  { IFS= read -r format && IFS= read -r booted && IFS= read -r lock; } <"$1/owner" || return 1
  [ "$format" = '${OWNER_FORMAT}' ] && is_dead "$run" "\${booted#boot }" "\${lock#lock }"
}
remove() {
  find "$1" -mindepth 1 -maxdepth 1 -type d -exec btrfs subvolume delete --commit-after {} + || return
  times=$(sed -n 's/^times //p' "$1/owner")
  now=$(stat --format=%.9Y "$point")
  rm -f "$1/owner" && rmdir "$1" || return
  [ "\${times#* }" != "$now" ] || touch -m -d "@\${times% *}" "$point"
}
mkdir -p "$point" || exit
for device; do
  mount -t btrfs -o subvolid=5,noatime "$device" "$point" || { status=1; continue; }
  for folder in $(find "$point" -mindepth 1 -maxdepth 1 -type d -uid 0 -perm 700 \
    -regextype posix-extended -regex '.*/\\${SNAPSHOTS}[0-9a-z]+-[0-9a-f]+' -printf '%f\\n'); do
    is_left "$point/$folder" || continue
    remove "$point/$folder" || status=1
  done
  umount "$point" || exit
done
exit "$status"`;

/** The command that removes what is left of snapshots. It sees file systems where nobody else does. */
export function sweepCommand(
  devices: readonly string[],
  { cache, run }: { readonly cache: string; readonly run: string },
): readonly string[] {
  const point = join(cache, 'tmp', run, 'top');
  const alone = ['unshare', '--mount', '--propagation', 'private', '--'];
  return [...alone, 'sh', '-c', SWEEP, 'livesys-sweep', point, run, ...devices];
}
