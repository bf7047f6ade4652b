import type { Text } from '../contract/values.ts';
import { WORK } from '../plan/model.ts';
import type { CoreOps } from '../plan/ops-recorder.ts';

/** Where the live system finds them; `livesys-access-lists` sets them again. */
const RECORD = '.livesys/access-lists';

/** A system that runs loses files while they are looked at, which is no failure. */
const DUMP = `getfattr --recursive --physical --no-dereference --dump --encoding=hex \\
  --match='^system\\.posix_acl_' . >"$1" 2>"$1.errors" ||
  ! grep -v ': No such file or directory$' "$1.errors" >&2`;

/**
 * Records the access lists of a whole tree in a folder that goes into its uppermost layer: a squashfs
 * holds none. What belongs to it is taken from the tree as it will be seen, so that a file which a layer
 * replaced does not get the list of the one below.
 */
export function recordAccessLists(ops: CoreOps, tree: Text, folder: string): void {
  const dump = `${WORK}/access-lists`;
  ops.exec(['sh', '-c', DUMP, 'livesys', dump], { cwd: tree });
  ops.accessLists(dump, `${folder}/${RECORD}`);
}
