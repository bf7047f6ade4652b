import { join } from 'node:path';
import { SNAPSHOTS, type Plan } from '../plan/model.ts';
import { visibleMounts, type MountEntry } from '../probe/mount-table.ts';
import { rootReader } from '../probe/root-reader.ts';

/** First line of the file in it that tells whose it is. */
export const OWNER_FORMAT = 'livesys-snapshot 1';

/** The mounts that a plan reads from snapshots, as the kernel lists them now. */
export function snapshotMounts(plan: Plan): readonly MountEntry[] {
  const points = new Set(
    Object.values(plan.trees)
      .flatMap((tree) => tree.layers)
      .flatMap((layer) => (layer.kind === 'mounts' ? layer.mounts : []))
      .filter(({ is, snapshot }) => is === 'in' && snapshot === 'taken')
      .map(({ at }) => at),
  );
  if (points.size === 0) return [];
  return visibleMounts(rootReader('/')).filter(
    ({ at, type, options }) =>
      points.has(at) && type === 'btrfs' && !options.split(',').includes('ro'),
  );
}

/** A device of each file system that a plan takes snapshots on. */
export function snapshotDevices(plan: Plan): readonly string[] {
  const devices = new Map(snapshotMounts(plan).map(({ number, device }) => [number, device]));
  return [...devices.values()];
}

/**
 * Removes snapshots of a run, and of runs that are dead: of an earlier start of the machine, or with
 * a lock that is free. Whose a folder is stands in it; what has no such note is left alone, and so is
 * a run whose lock is not to be seen here. A folder that was a change at the top of a file system gets
 * the time back that it had, if nothing else has changed it.
 */
const SWEEP = `set -f
point=$1 own=$2; shift 2
boot=$(cat /proc/sys/kernel/random/boot_id) status=0
is_dead() {
  [ "\${1##*/${SNAPSHOTS}}" != "$own" ] || return 0
  { IFS= read -r format && IFS= read -r booted && IFS= read -r lock; } <"$1/owner" || return 1
  [ "$format" = '${OWNER_FORMAT}' ] || return 1
  [ "$booted" = "boot $boot" ] || return 0
  lock=\${lock#lock }
  [ -e "$lock" ] && flock --nonblock "$lock" true
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
    is_dead "$point/$folder" || continue
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
