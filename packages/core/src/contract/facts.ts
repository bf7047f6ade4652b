/** What is known of the source before planning. Plain data with a format version. */
export interface Facts {
  readonly format: 1;
  /** Debian's name for it is `amd64`; this is the kernel's: `x86_64`, `aarch64`. */
  readonly architecture: Architecture;
  readonly osRelease: OsRelease;
  readonly distro: DistroFacts;
  /** Seconds since 1970: no file of an image is newer. */
  readonly sourceDateEpoch: number;
  /** Folders of people that do not lie in `/home`. */
  readonly homes?: readonly string[];
  /** Where the source is the running system: everything that is mounted there. */
  readonly mounts?: readonly MountFacts[];
}

/** One mounted file system, and whether what it holds belongs to the system. */
export interface MountFacts {
  /** Where it is mounted, absolute. */
  readonly at: string;
  /** As the kernel calls it: `ext4`, `nfs4`. */
  readonly type: string;
  /** What is mounted: a device, or what else the kernel says, such as `nas:/export`. */
  readonly device: string;
  /** The folder of the file system that is shown: `/`, or that of a btrfs subvolume or a bind. */
  readonly root: string;
  readonly is: 'in' | 'out';
  readonly why: MountReason;
  /** Whether its files are read from a snapshot; of what is in, where the config allows snapshots. */
  readonly snapshot?: MountSnapshot;
}

export type MountSnapshot =
  /** One of its subvolume, by btrfs. */
  | 'taken'
  /** One of the logical volume that it lies on, by LVM. */
  | 'volume'
  /** None: its file system cannot be written to, so that nothing changes in it. */
  | 'read-only'
  /** None: a swap file in use lies on it, and btrfs takes no snapshot then. */
  | 'swap'
  /** None: it lies on a logical volume, but livesys knows how to read ext and xfs alone there. */
  | 'lvm'
  /** None: a file system of this type has none that livesys could take. */
  | 'type';

export type MountReason =
  /** In: it is `/`. */
  | 'root'
  /** In: it holds a folder that every system has. */
  | 'system'
  /** In: it is a part of the file system of `/`. */
  | 'part-of-root'
  /** In or out, because the config says so. */
  | 'asked'
  /** Out, with what it is mounted in. */
  | 'inside'
  /** Out: it shows something of the kernel. */
  | 'kernel'
  /** Out: it is in memory. */
  | 'memory'
  /** Out: something is mounted there when it is used, which it is not now. */
  | 'automount'
  | 'network'
  /** Out: a program shows it. */
  | 'fuse'
  /** Out: it can only be read, such as a CD or a snap. */
  | 'image'
  /** Out: layers of a container. */
  | 'container'
  | 'snapshot'
  /** Out: its path is no text, so that nobody can name it. */
  | 'name'
  | 'removable'
  /** Out: it shows what is there already. */
  | 'twice'
  /** Out: its place is for what comes and goes, or not a part of a system. */
  | 'elsewhere'
  /** Out: livesys does not know what this type of file system is. */
  | 'unknown';

export type Architecture = 'x86_64' | 'aarch64' | 'i686' | 'riscv64';

/** The fields of os-release that livesys uses. */
export interface OsRelease {
  readonly id: string;
  readonly idLike: readonly string[];
  readonly name: string;
  readonly prettyName: string;
  readonly versionId?: string;
  readonly versionCodename?: string;
}

/** What a distribution adapter finds in a root. */
export interface DistroFacts {
  /** The adapter's word for the release, such as a codename; empty for a rolling one. */
  readonly release: string;
  readonly architecture: Architecture;
  readonly kernels: readonly KernelFacts[];
  /**
   * Kernels that lack something and are none of those above: nothing could be started from them. The
   * plan tells them, since one of them may be the kernel that is meant. Default: none.
   */
  readonly incompleteKernels?: readonly IncompleteKernel[];
  readonly initSystem: 'systemd' | 'other';
  readonly securityModules: readonly string[];
  /** Installed packages with their versions, sorted by name. */
  readonly packages: Readonly<Record<string, string>>;
  /** When the package database changed last, seconds since 1970. */
  readonly packagesChanged: number;
}

export interface IncompleteKernel {
  /** As `uname -r` would print it. */
  readonly release: string;
  /** The path that is not there, absolute in the root. */
  readonly lacks: string;
}

export interface KernelFacts {
  /** As `uname -r` prints it. */
  readonly release: string;
  /** The kernel image, absolute in the root. */
  readonly image: string;
  /** The modules folder, absolute in the root. */
  readonly modules: string;
  /** Names of loadable modules, without suffix, `-` written as `_`, sorted. */
  readonly moduleNames: readonly string[];
  /** Names from modules.builtin, written the same way. */
  readonly builtinNames: readonly string[];
  /** The package that owns it, if known. */
  readonly package?: string;
}
