import type { Scan } from '../plan/keys.ts';
import { USER_NAMESPACE } from './sandbox.ts';

/** Where a command finds the mounts of a tree, and what is put before the command for that. */
export interface Sight {
  readonly root: string;
  readonly prefix: readonly string[];
}

const ROOT = '/tmp/source';

/**
 * In a mount namespace of its own, each mount is shown without those below it: what a mount hides is
 * seen as it will be packed, and nothing is seen twice.
 */
const SHOW = `mount -t tmpfs livesys /tmp && mkdir ${ROOT} || exit
while [ "$1" != -- ]; do mount --bind "$1" "${ROOT}$1" || exit; shift; done
shift
exec "$@"`;

/** A folder is seen as it is; the running system through copies of its mounts. */
export function seeingMounts({ path, mounts }: Pick<Scan, 'path' | 'mounts'>): Sight {
  if (mounts === undefined) return { root: path, prefix: [] };
  const unshare = ['unshare', '--mount', '--propagation', 'private', '--'];
  return { root: ROOT, prefix: [...unshare, 'sh', '-c', SHOW, 'livesys', ...mounts, '--'] };
}

/** The same for what a plan reads: without root from the user namespace in which a build runs. */
export function seeingScan(scan: Scan, { rootless }: { readonly rootless: boolean }): Sight {
  const { root, prefix } = seeingMounts(scan);
  return { root, prefix: rootless ? ['unshare', ...USER_NAMESPACE, '--', ...prefix] : prefix };
}
