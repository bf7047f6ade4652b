import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY, startCommand } from './livesys.ts';

/** This machine as it is, to be changed without changing it. */
export interface MachineCopy {
  /** Put before a command, it runs there, as root. */
  readonly enter: readonly string[];
  dispose(): Promise<void>;
}

const MAKE = `set -e
mount -t tmpfs -o mode=0755 tmpfs "$1"
mkdir "$1/upper" "$1/work" "$1/root"
mount -t overlay -o "lowerdir=/,upperdir=$1/upper,workdir=$1/work" overlay "$1/root"
for path in /dev /proc /sys; do mount --rbind "$path" "$1/root$path"; done
mount --bind "$2" "$1/root$2"
mount -o remount,bind,ro "$1/root$2"
echo made
exec cat`;

/**
 * Makes an overlay over the root of this machine, in memory and in a mount namespace. Both are gone
 * when the process that holds them ends, which it does with this one.
 */
export async function copyMachine(folder: string): Promise<MachineCopy> {
  const at = join(folder, 'machine');
  mkdirSync(at);
  const unshare = ['unshare', '--mount', '--propagation', 'private'];
  const holder = startCommand([...unshare, 'sh', '-c', MAKE, 'sh', at, REPOSITORY], {
    cwd: '/',
    lasting: true,
  });
  await holder.said(/^made$/m);
  return {
    enter: [
      ...['nsenter', `--target=${holder.pid}`, '--mount', '--'],
      ...['chroot', join(at, 'root')],
    ],
    async dispose() {
      holder.closeInput();
      await holder.ended;
    },
  };
}
