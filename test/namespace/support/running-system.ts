import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { REPOSITORY, runCommand, type CommandEnd } from './livesys.ts';
import { makeRoot } from './root-tree.ts';
import { run } from './run.ts';

/**
 * A small Linux that commands are run in as on a machine that has booted it: its root is a mount of
 * its own, /home is another file system, /var/lib and /srv are mounted too, and things are mounted that
 * belong to no system.
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
}

/** What a build of the running system runs on it, beside Node. */
const PROGRAMS = [
  ...['cp', 'find', 'flock', 'getfattr', 'hostname', 'mkdir', 'mkfs.erofs', 'mknod', 'mksquashfs'],
  ...['mount', 'node', 'rm', 'setcap', 'setfattr', 'setpriv', 'sh', 'sha256sum', 'stat', 'sync'],
  ...['tar', 'umount', 'unshare', 'unsquashfs', 'veritysetup', 'xargs', 'xorriso'],
  ...['setfacl', 'getfacl', 'newuidmap', 'newgidmap'].filter(isInstalled),
];

const MOUNT = `set -e
cd "$1"
mount --bind root root
mount -o loop home.img root/home
mount --bind lib root/var/lib
mount --bind srv root/srv
mount -t tmpfs tmpfs root/mnt/stick
echo stick >root/mnt/stick/file
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
  makeRoot(root, PROGRAMS);
  const points = [
    'boot',
    'var/cache/livesys',
    'var/log',
    'home',
    'srv',
    'mnt/stick',
    'mnt/old',
    'repository',
    'usr/local',
    'var/lib',
  ];
  for (const path of points) mkdirSync(join(root, path), { recursive: true });
  for (const path of ['lib', 'srv']) mkdirSync(join(folder, path), { recursive: true });
  run('truncate', '--size=24M', join(folder, 'home.img'));
  run('mkfs.ext4', '-q', join(folder, 'home.img'));
  const enter = ['unshare', '--mount', '--propagation', 'private', 'sh', '-c', MOUNT, 'sh'];
  const prefix = [...enter, folder, REPOSITORY];
  const system: RunningSystem = {
    root,
    write(files) {
      for (const [path, content] of Object.entries(files)) {
        const inner = path.replace(/^(?:\/var)?\/(lib|srv)\//, `${folder}/$1/`);
        const place = inner === path ? join(root, path) : inner;
        mkdirSync(dirname(place), { recursive: true });
        writeFileSync(place, content);
      }
    },
    shell: async (script) => runCommand(['sh', '-ec', script], { cwd: '/', prefix }),
    livesys: async (argv, cwd, user = 0) => {
      const as =
        user === 0 ? [] : ['setpriv', `--reuid=${user}`, `--regid=${user}`, '--clear-groups'];
      const line = ['sh', '-c', 'cd "$1" && shift && exec "$@"', 'sh', cwd, ...as];
      const env = { HOME: user === 0 ? '/root' : cwd };
      const main = '/repository/packages/cli/dist/main.js';
      return runCommand(['node', main, ...argv], { cwd: '/', prefix: [...prefix, ...line], env });
    },
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
