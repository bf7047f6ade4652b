import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  REPOSITORY,
  runCommand,
  startCommand,
  type CommandEnd,
  type RunningCommand,
} from './livesys.ts';
import { makeRoot } from './root-tree.ts';
import { run } from './run.ts';

/**
 * A small Linux that commands are run in as on a machine that has booted it: its root is a mount of
 * its own, /home is another file system, /var/lib and /srv are mounted too, and things are mounted that
 * belong to no system. It has no network.
 */
export interface RunningSystem {
  /** Its root file system, as it lies on this machine. */
  readonly root: string;
  /** Writes files; paths are absolute in it, in whichever file system. */
  write(files: Readonly<Record<string, string>>): void;
  /** Runs a shell script in it, with everything mounted. */
  shell(script: string): Promise<CommandEnd>;
  /** Runs `livesys` in it, in a folder. */
  livesys(argv: readonly string[], cwd: string, user?: number): Promise<CommandEnd>;
  /** The same, and does not wait for its end. */
  start(argv: readonly string[], cwd: string): RunningCommand;
}

/** Where something is mounted in it, and what a build looks for. */
const POINTS = [
  ...['boot', 'var/cache/livesys', 'var/log', 'home', 'srv', 'mnt/stick', 'mnt/old', 'repository'],
  ...['usr/local', 'var/lib'],
];

/** What a build of the running system runs on it, beside Node. */
const PROGRAMS = [
  ...['cp', 'du', 'find', 'flock', 'getfattr', 'mkdir', 'mkfs.erofs', 'mknod', 'mksquashfs'],
  ...['mount', 'node', 'rm', 'setcap', 'setfattr', 'setpriv', 'sh', 'sha256sum', 'stat', 'sync'],
  ...['tar', 'umount', 'unshare', 'unsquashfs', 'veritysetup', 'xargs', 'xorriso'],
  ...['setfacl', 'getfacl', 'newuidmap', 'newgidmap'].filter(isInstalled),
];

const OWN = `mount --bind root root
mount -o loop home.img root/home
mount --bind lib root/var/lib
mount --bind srv root/srv
mount -t tmpfs tmpfs root/mnt/stick
echo stick >root/mnt/stick/file`;

/** Mounts a system of its own mounts, and enters it. */
const enterScript = (mounts: string): string => `set -e
cd "$1"
${mounts}
mount --bind "$2" root/repository
mount -o remount,bind,ro root/repository
mount -t proc proc root/proc
mount --rbind /sys root/sys
mount --rbind /dev root/dev
cd root
pivot_root . mnt/old
umount -l mnt/old
cd /
shift 2
exec "$@"`;

/** Makes it in a folder. It is put together anew for each command, in a mount namespace. */
export function makeRunningSystem(folder: string): RunningSystem {
  const root = join(folder, 'root');
  for (const path of ['lib', 'srv']) mkdirSync(join(folder, path), { recursive: true });
  run('truncate', '--size=24M', join(folder, 'home.img'));
  run('mkfs.ext4', '-q', join(folder, 'home.img'));
  return makeSystem({
    ...{ folder, root, mounts: OWN },
    placeOf(path) {
      const inner = path.replace(/^(?:\/var)?\/(lib|srv)\//, `${folder}/$1/`);
      return inner === path ? join(root, path) : inner;
    },
  });
}

export interface SystemParts {
  readonly folder: string;
  /** Its root file system, as it lies on this machine. */
  readonly root: string;
  /** Commands of a shell that mount it at `root`, in the folder. */
  readonly mounts: string;
  readonly programs?: readonly string[];
  /** Where a path of it lies on this machine. */
  placeOf(path: string): string;
}

/** Makes a running system out of mounts. */
export function makeSystem({ folder, root, mounts, ...parts }: SystemParts): RunningSystem {
  makeRoot(root, [...PROGRAMS, ...(parts.programs ?? [])]);
  for (const path of POINTS) mkdirSync(join(root, path), { recursive: true });
  const own = ['unshare', '--mount', '--net', '--propagation', 'private'];
  const enter = [...own, 'sh', '-c', enterScript(mounts)];
  const prefix = [...enter, 'sh', folder, REPOSITORY];
  const start = (argv: readonly string[], cwd: string, user = 0): RunningCommand => {
    const as =
      user === 0 ? [] : ['setpriv', `--reuid=${user}`, `--regid=${user}`, '--clear-groups'];
    const line = ['sh', '-c', 'cd "$1" && shift && exec "$@"', 'sh', cwd, ...as];
    const env = { HOME: user === 0 ? '/root' : cwd };
    const main = '/repository/packages/cli/dist/main.js';
    return startCommand(['node', main, ...argv], { cwd: '/', prefix: [...prefix, ...line], env });
  };
  const system: RunningSystem = {
    ...{ root, start },
    write(files) {
      for (const [path, content] of Object.entries(files)) {
        const place = parts.placeOf(path);
        mkdirSync(dirname(place), { recursive: true });
        writeFileSync(place, content);
      }
    },
    shell: async (script) => runCommand(['sh', '-ec', script], { cwd: '/', prefix }),
    livesys: async (argv, cwd, user) => start(argv, cwd, user).ended,
  };
  system.write({
    '/etc/os-release': 'ID=tiny\nVERSION_ID=1\nPRETTY_NAME="Tiny 1"\n',
    '/etc/passwd': 'root:x:0:0::/root:/bin/sh\nanna:x:1000:1000:Anna:/home/anna:/bin/sh\n',
    '/boot/vmlinuz': 'kernel\n',
    '/usr/share/tiny': 'a root has something in /usr\n',
    '/talk/.keep': '',
  });
  return system;
}

function isInstalled(program: string): boolean {
  try {
    run('sh', '-c', 'command -v "$1"', 'sh', program);
    return true;
  } catch {
    return false;
  }
}
