import { IS_DEAD } from './snapshot-owner.ts';
import { LVM_OPTIONS, VOLUME_SNAPSHOTS, VOLUME_TAG } from './volume-mark.ts';

/** What is ours has both the name and the tag: group, volume, run, start of the machine, lock. */
const OURS = [
  `s,^ *([^ ]+) (${VOLUME_SNAPSHOTS}([0-9a-z]+-[0-9a-f]+)-[0-9]+)`,
  String.raw` ([^ ]*\,)?${VOLUME_TAG}([0-9a-f-]+):([A-Za-z0-9+/=]+)(\,[^ ]*)?$,\1 \2 \3 \5 \6,p`,
].join('');

/**
 * Removes snapshots of volumes of a run, and of runs that are dead. A volume that lacks our name or our
 * tag is left alone.
 */
const SWEEP = `set -f
own=$1
${IS_DEAD}
lvs --noheadings --separator ' ' --options vg_name,lv_name,lv_tags | sed -nE '${OURS}' | {
  status=0
  while read -r group name run booted lock; do
    is_dead "$run" "$booted" "$(echo "$lock" | base64 -d)" || continue
    lvremove ${LVM_OPTIONS.join(' ')} "$group/$name" </dev/null || status=1
  done
  exit "$status"
}`;

/** The command that removes what is left of snapshots of volumes. */
export function volumeSweepCommand(run: string): readonly string[] {
  return ['sh', '-c', SWEEP, 'livesys-sweep', run];
}
