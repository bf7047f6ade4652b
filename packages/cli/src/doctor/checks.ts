import { formatSize } from '../text/size.ts';
import { installLine, type PackageFor } from './packages.ts';
import type { System } from './system.ts';

/** One thing that a command needs of the machine. */
export interface Finding {
  readonly name: string;
  /** `limited`: the command works, but not everything it can do. */
  readonly state: 'ok' | 'limited' | 'missing';
  readonly detail: string;
  /** What would change it. */
  readonly fix?: string;
}

/** A check says nothing about other checks and changes nothing. */
export type Check = (system: System) => Promise<Finding>;

const MINIMUM_NODE = [20, 19] as const;
const GiB = 1024 ** 3;
/** A minimal Debian with its tools tree takes about 3 GiB. */
const SPACE_WANTED = 10 * GiB;
const UNSUITABLE = new Set(['overlay', 'vfat', 'exfat', 'ntfs', 'nfs', 'cifs', 'smb', '9p']);

async function install(system: System, what: PackageFor): Promise<string> {
  return installLine(what, await system.readText('/etc/os-release'));
}

const checkNode: Check = async ({ nodeVersion }) => {
  const [major = 0, minor = 0] = nodeVersion.split('.').map(Number);
  const [wantMajor, wantMinor] = MINIMUM_NODE;
  const ok = major > wantMajor || (major === wantMajor && minor >= wantMinor);
  return ok
    ? { name: 'node', state: 'ok', detail: nodeVersion }
    : {
        name: 'node',
        state: 'missing',
        detail: `${nodeVersion} is too old`,
        fix: `install Node ${MINIMUM_NODE.join('.')} or newer`,
      };
};

/** That programs are there which come in one package. */
const checkPrograms =
  (name: string, what: PackageFor, wanted: readonly string[]): Check =>
  async (system) => {
    const missing: string[] = [];
    for (const program of wanted) if (!(await system.findProgram(program))) missing.push(program);
    if (missing.length === 0) return { name, state: 'ok', detail: wanted.join(', ') };
    const fix = await install(system, what);
    return { name, state: 'missing', detail: `no ${missing.join(', ')}`, fix };
  };

/** The programs of util-linux that hold a build together. */
const checkSandboxTools = checkPrograms('sandbox tools', 'util-linux', [
  ...['unshare', 'setpriv', 'flock'],
]);

/** How changes on a medium are looked at without mounting it. */
const checkDataTools = checkPrograms('ext4 tools', 'e2fsprogs', ['debugfs', 'e2fsck']);

/** How room for changes is made on a stick. */
const checkFormatTools = checkPrograms('ext4 tools', 'e2fsprogs', [
  ...['mkfs.ext4', 'debugfs', 'e2fsck', 'resize2fs'],
]);

/** Tell which devices there are and what uses them. */
const checkDeviceTools = checkPrograms('device tools', 'util-linux', [
  ...['lsblk', 'blkid', 'blockdev'],
]);

const checkRoot: Check = async ({ uid }) => ({
  name: 'root',
  state: 'ok',
  detail: uid === 0 ? 'may write to devices' : 'needed for devices: use sudo',
});

/** Only without root: root needs no user namespace. */
const checkNamespaces: Check = async (system) => {
  const name = 'namespaces';
  if (system.uid === 0) return { name, state: 'ok', detail: 'not needed as root' };
  if (!(await system.findProgram('newuidmap'))) {
    const fix = await install(system, 'newuidmap');
    return { name, state: 'missing', detail: 'newuidmap is missing; only sudo builds', fix };
  }
  const result = await system.tryNamespace();
  if (result === 'works') return { name, state: 'ok', detail: 'with subordinate ids' };
  return result === 'no-subordinate-ids'
    ? {
        name,
        state: 'missing',
        detail: `${system.userName} has no subordinate ids; only sudo builds`,
        fix: `sudo usermod --add-subuids 100000-165535 --add-subgids 100000-165535 ${system.userName}`,
      }
    : { name, state: 'missing', detail: 'refused by the kernel', fix: await namespaceFix(system) };
};

/** Distributions turn user namespaces off in different places. */
async function namespaceFix({ readText }: System): Promise<string> {
  const off = async (path: string, value: string) => (await readText(path))?.trim() === value;
  if (await off('/proc/sys/kernel/unprivileged_userns_clone', '0')) {
    return 'sudo sysctl kernel.unprivileged_userns_clone=1';
  }
  if (await off('/proc/sys/kernel/apparmor_restrict_unprivileged_userns', '1')) {
    return 'sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0';
  }
  if (await off('/proc/sys/user/max_user_namespaces', '0')) {
    return 'sudo sysctl user.max_user_namespaces=10000';
  }
  return 'build with sudo';
}

const checkBootstrap: Check = async (system) => {
  const name = 'bootstrap';
  if (await system.findProgram('mmdebstrap')) return { name, state: 'ok', detail: 'mmdebstrap' };
  const detail = 'no mmdebstrap: only directory() and archive() as sources';
  return { name, state: 'limited', detail, fix: await install(system, 'mmdebstrap') };
};

const checkCache: Check = async (system) => {
  const name = 'cache';
  const { type, free } = await system.fileSystem(system.cache);
  const where = `${system.cache} (${type}, ${formatSize(free)} free)`;
  const fix = 'set LIVESYS_CACHE to a folder on a local disk such as ext4';
  if (UNSUITABLE.has(type)) {
    return { name, state: 'missing', detail: `${where}: no place for a root tree`, fix };
  }
  if (type === 'tmpfs') return { name, state: 'limited', detail: `${where}: takes memory`, fix };
  return free < SPACE_WANTED
    ? { name, state: 'limited', detail: `${where}: little space`, fix: 'livesys cache prune' }
    : { name, state: 'ok', detail: where };
};

const checkQemu: Check = async (system) => {
  const path = await system.findProgram('qemu-system-x86_64');
  return path
    ? { name: 'qemu', state: 'ok', detail: path }
    : {
        name: 'qemu',
        state: 'missing',
        detail: 'not installed',
        fix: await install(system, 'qemu'),
      };
};

const checkKvm: Check = async (system) => {
  const name = 'kvm';
  const qemu = await system.findProgram('qemu-system-x86_64');
  if (!qemu) return { name, state: 'limited', detail: 'unknown without QEMU' };
  const result = await system.acceleration(qemu);
  if (result.kind === 'kvm') return { name, state: 'ok', detail: 'a machine ran with it' };
  const slow = 'machines run in emulation, about ten times slower';
  const why = {
    'no-permission': '/dev/kvm may not be opened',
    'no-device': 'no /dev/kvm',
    'does-not-run': '/dev/kvm runs no machine',
  }[result.reason];
  const fix =
    result.reason === 'no-permission'
      ? { fix: `sudo usermod -aG kvm ${system.userName}, then log in again` }
      : {};
  return { name, state: 'limited', detail: `${why}: ${slow}`, ...fix };
};

const checkFirmware: Check = async (system) => {
  const name = 'uefi';
  const fix = () => install(system, 'ovmf');
  if (!(await system.hasFirmware(false))) {
    return { name, state: 'limited', detail: 'no OVMF: only --firmware bios', fix: await fix() };
  }
  return (await system.hasFirmware(true))
    ? { name, state: 'ok', detail: 'OVMF, with Secure Boot' }
    : {
        name,
        state: 'limited',
        detail: 'OVMF without vendor keys: no --secure-boot',
        fix: await fix(),
      };
};

const checkDisplay: Check = async ({ hasDisplay }) =>
  hasDisplay
    ? { name: 'window', state: 'ok', detail: 'there is a display' }
    : { name: 'window', state: 'limited', detail: 'no display: serial console only' };

/** What each command needs, beside Node. Commands with nothing here run anywhere. */
export const CHECKS: Readonly<Record<string, readonly Check[]>> = {
  'build, apply, plan --prepare': [
    checkNode,
    checkSandboxTools,
    checkNamespaces,
    checkBootstrap,
    checkCache,
  ],
  boot: [checkNode, checkQemu, checkKvm, checkFirmware, checkDisplay],
  write: [checkNode, checkDeviceTools, checkFormatTools, checkRoot],
  medium: [checkNode, checkDataTools, checkDeviceTools],
  'plan, inspect, cache': [checkNode],
};
