import type { MountFacts, MountReason } from '../contract/facts.ts';
import type { Probe } from '../contract/probe.ts';
import { foldersTo, isWithin, visibleMounts, type MountEntry } from '../probe/mount-table.ts';
import { literalPattern } from '../rules/pattern.ts';
import { disksOf } from './disks.ts';

/** What a config says about mount points of the running system. */
export interface MountChoice {
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

const KERNEL = words(`binfmt_misc bpf cgroup cgroup2 configfs debugfs devpts devtmpfs efivarfs
  fusectl hugetlbfs mqueue nfsd nsfs proc pstore resctrl rpc_pipefs securityfs selinuxfs smackfs
  sysfs tracefs`);
const NETWORK = words(`9p afs ceph cifs coda glusterfs gfs2 lustre ncpfs nfs nfs3 nfs4 ocfs2 smb3
  smbfs virtiofs`);
const IMAGE = words('cramfs erofs iso9660 romfs squashfs udf');
const CONTAINER = words('aufs overlay');
const DISK =
  words(`bcachefs btrfs exfat ext2 ext3 ext4 f2fs fuseblk hfs hfsplus jfs minix msdos nilfs2
  ntfs ntfs3 reiserfs ufs vfat xfs zfs`);

/** Folders of a system that may be file systems of their own. Source: FHS 3.0, and where ESPs lie. */
const SYSTEM = words('bin boot efi etc home lib lib32 lib64 libx32 nix opt root sbin srv usr var');
/** Those of them that may be an image, or a stack of folders such as systemd-sysext makes. */
const SYSTEM_FOLDER = /^\/[^/]+$|^\/nix\/store$/;
/** In here containers have what they mount. */
const CONTAINERS = [
  ...['/var/lib/containers', '/var/lib/docker', '/var/lib/incus', '/var/lib/kubelet'],
  ...['/var/lib/lxc', '/var/lib/lxd', '/var/lib/rancher'],
];
/** Where things are mounted that come and go. */
const PASSING = ['/dev', '/media', '/mnt', '/proc', '/run', '/sys', '/tmp', '/var/run', '/var/tmp'];

/**
 * Judges every mount of the running system. What holds a part of the system is in; what comes over
 * the network, comes and goes, is made up by the kernel, or shows once more what is there, is out.
 * So is a file system at a place that no system has, until the config asks for it.
 */
export function judgeMounts(probe: Probe, choice: MountChoice): readonly MountFacts[] {
  const judged = new Map<string, MountFacts>();
  const before: MountEntry[] = [];
  for (const entry of visibleMounts(probe)) {
    const { at, type, device, root } = entry;
    const above = foldersTo(at)
      .filter((folder) => folder !== at)
      .findLast((folder) => judged.has(folder));
    const isLost = above !== undefined && judged.get(above)?.is === 'out';
    const [is, why] = judge(entry, choice, { probe, before, isLost });
    judged.set(at, { at, type, device, root, is, why });
    if (is === 'in') before.push(entry);
  }
  return judged.has('/') ? [...judged.values()] : [UNKNOWN_ROOT, ...judged.values()];
}

/** The kernel lists none where it tells of no mounts, and where a folder became the root by chroot(2). */
const UNKNOWN_ROOT: MountFacts = {
  ...{ at: '/', type: 'unknown', device: 'unknown', root: '/' },
  ...{ is: 'in', why: 'root' },
};

interface Surroundings {
  readonly probe: Probe;
  /** What is in so far, `/` first. */
  readonly before: readonly MountEntry[];
  /** Whether it is mounted in something that is out. */
  readonly isLost: boolean;
}

/** What a byte is read as that is no part of a text. */
const NO_TEXT = '\uFFFD';

/** The line for a mount point, whose path need not be text: what was no part of one is any such byte. */
export function mountPointPattern(at: string): string {
  return literalPattern(at).replaceAll(NO_TEXT, '[!\u0001-\u007F]');
}

type Judgement = readonly ['in' | 'out', MountReason];

function judge(
  entry: MountEntry,
  { include, exclude }: MountChoice,
  { probe, before, isLost }: Surroundings,
): Judgement {
  const { at, type } = entry;
  if (at === '/') return ['in', 'root'];
  if (isLost) return ['out', 'inside'];
  if (at.includes(NO_TEXT)) return ['out', 'name'];
  if (exclude.some((path) => isWithin(at, path))) return ['out', 'asked'];
  if (include.includes(at)) return ['in', 'asked'];
  const kind = kindOfType(type);
  if (kind !== undefined && !isFolderOfSystem(entry, kind)) return ['out', kind];
  if (PASSING.some((folder) => isWithin(at, folder))) return ['out', 'elsewhere'];
  if (CONTAINERS.some((folder) => at !== folder && isWithin(at, folder)))
    return ['out', 'container'];
  if (isSnapshot(entry)) return ['out', 'snapshot'];
  if (before.some((other) => shows(entry, other))) return ['out', 'twice'];
  const [root] = before;
  if (root !== undefined && isRemovable(probe, entry, root)) return ['out', 'removable'];
  if (SYSTEM.has(at.split('/')[1] ?? '')) return ['in', 'system'];
  if (type === 'btrfs' && entry.number === root?.number) return ['in', 'part-of-root'];
  return ['out', 'elsewhere'];
}

/** Whether even a look at it may take for ever, since somebody else must answer. It is a folder then. */
export function mayWait({ type }: Pick<MountFacts, 'type'>): boolean {
  const kind = kindOfType(type);
  return kind === 'automount' || kind === 'fuse' || kind === 'network';
}

/** Without it there would be no `/usr`, say. */
function isFolderOfSystem({ at }: MountEntry, kind: MountReason): boolean {
  const isKind = kind === 'image' || kind === 'container';
  return isKind && SYSTEM_FOLDER.test(at) && SYSTEM.has(at.split('/')[1] ?? '');
}

function kindOfType(type: string): MountReason | undefined {
  if (KERNEL.has(type)) return 'kernel';
  if (type === 'autofs') return 'automount';
  if (type === 'tmpfs' || type === 'ramfs') return 'memory';
  if (NETWORK.has(type) || /^fuse\.(sshfs|s3fs|davfs|rclone|curlftpfs|glusterfs)/.test(type))
    return 'network';
  if (type.startsWith('fuse')) return type === 'fuseblk' ? undefined : 'fuse';
  if (IMAGE.has(type)) return 'image';
  if (CONTAINER.has(type)) return 'container';
  return DISK.has(type) ? undefined : 'unknown';
}

/** Snapper and Timeshift keep theirs in folders of these names. */
function isSnapshot({ at, root }: MountEntry): boolean {
  return [at, root].some((path) => /\/(@?\.?snapshots?|timeshift(-btrfs)?)(\/|$)/.test(path));
}

/** Whether a mount shows a folder that another one shows, or one above it. */
function shows(entry: MountEntry, other: MountEntry): boolean {
  return entry.number === other.number && isWithin(other.root, entry.root);
}

/** A system may itself be installed on a stick: what shares a disk with `/` stays. */
function isRemovable(probe: Probe, entry: MountEntry, root: MountEntry): boolean {
  const own = disksOf(probe, root).map(({ path }) => path);
  return disksOf(probe, entry).some(({ path, removable }) => removable && !own.includes(path));
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(/\s+/));
}
