/**
 * Begins the name of a snapshot of a volume; the name of a run and a number follow. It is ours only if
 * it has our tag as well.
 */
export const VOLUME_SNAPSHOTS = 'livesys-snapshot-';

/**
 * Options of each command that changes something: nobody is asked, and LVM keeps no copy of what it
 * changes in /etc, which is a part of the source.
 */
export const LVM_OPTIONS = ['--yes', '--autobackup', 'n'];

/** Begins the tag, with the version of its form. */
export const VOLUME_TAG = 'livesys-snapshot:1:';

/**
 * The tag that tells whose a snapshot is: the start of the machine, and the file whose lock its run
 * holds. It is there from the moment the volume is. Tags take letters, digits and few signs, so the
 * path is in base64. Source: man lvm(8).
 */
export function volumeTag({
  boot,
  lock,
}: {
  readonly boot: string;
  readonly lock: string;
}): string {
  return `${VOLUME_TAG}${boot}:${Buffer.from(lock).toString('base64')}`;
}

/** The name of a volume for the device mapper, in which one hyphen separates, and two are one. */
export function mapperName(group: string, name: string): string {
  return [group, name].map((part) => part.replaceAll('-', '--')).join('-');
}
