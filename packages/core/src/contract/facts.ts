/** What is known of the source before planning. Plain data with a format version. */
export interface Facts {
  readonly format: 1;
  /** Debian's name for it is `amd64`; this is the kernel's: `x86_64`, `aarch64`. */
  readonly architecture: Architecture;
  readonly osRelease: OsRelease;
  readonly distro: DistroFacts;
  /** Seconds since 1970: no file of an image is newer. */
  readonly sourceDateEpoch: number;
}

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
  readonly initSystem: 'systemd' | 'other';
  readonly securityModules: readonly string[];
  /** Installed packages with their versions, sorted by name. */
  readonly packages: Readonly<Record<string, string>>;
  /** When the package database changed last, seconds since 1970. */
  readonly packagesChanged: number;
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
