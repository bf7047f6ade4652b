import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './run.ts';

/**
 * Where the tests of this group work: on a local disk, and not below /tmp or /var/tmp, which every
 * task sees as folders of its own.
 */
const PARENT = '/var/cache';

/** Programs beside Node, with the Debian package that has each. */
const PROGRAMS: Readonly<Record<string, string>> = {
  busybox: 'busybox',
  mksquashfs: 'squashfs-tools',
  'mkfs.erofs': 'erofs-utils',
  veritysetup: 'cryptsetup-bin',
  newuidmap: 'uidmap',
  strace: 'strace',
  setfattr: 'attr',
  setcap: 'libcap2-bin',
  'mkfs.ext4': 'e2fsprogs',
  'mkfs.btrfs': 'btrfs-progs',
  sfdisk: 'fdisk',
  sudo: 'sudo',
  script: 'bsdutils',
  mmdebstrap: 'mmdebstrap',
  xorriso: 'xorriso',
  mcopy: 'mtools',
  ip: 'iproute2',
};

export interface Workspace {
  readonly folder: string;
  /** A folder for a cache or an output, made on first use; of the given owner. */
  make(name: string, owner?: { readonly uid: number; readonly gid: number }): string;
  remove(): void;
}

/** Makes the folder of a test file. Says what is missing when this machine cannot run it. */
export function makeWorkspace(): Workspace {
  assertMachine();
  const folder = mkdtempSync(join(PARENT, 'livesys-test-'));
  chmodSync(folder, 0o755);
  return {
    folder,
    make(name, owner) {
      const path = join(folder, name);
      mkdirSync(path, { recursive: true });
      if (owner !== undefined) run('chown', `${owner.uid}:${owner.gid}`, path);
      return path;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function assertMachine(): void {
  if (process.getuid?.() !== 0)
    throw new Error('these tests make users, mounts and loop devices: run them as root');
  const missing = Object.keys(PROGRAMS).filter((name) => !isInstalled(name));
  if (missing.length > 0) {
    const packages = new Set(missing.map((name) => PROGRAMS[name]));
    throw new Error(`${missing.join(', ')} missing: apt-get install ${[...packages].join(' ')}`);
  }
  const kind = run('stat', '--file-system', '--format=%T', PARENT);
  if (['overlayfs', 'tmpfs', 'nfs', 'msdos'].includes(kind)) {
    throw new Error(`${PARENT} is on ${kind}, where no cache can live`);
  }
}

function isInstalled(program: string): boolean {
  try {
    run('sh', '-c', 'command -v "$1"', 'sh', program);
    return true;
  } catch {
    return false;
  }
}
