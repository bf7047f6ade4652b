import type { LayerRequest, ProfileRequest } from '../contract/hooks.ts';
import type {
  Bootloader,
  DistroAdapter,
  InitramfsBuilder,
  LiveUser,
  OutputFormat,
  Plugin,
  Source,
} from '../contract/roles.ts';

/** The config after loading: defaults filled in, roles instantiated, every name checked. */
export interface ResolvedConfig {
  /** The file it came from, or undefined when the source was named on the command line. */
  readonly file: string | undefined;
  /** Relative paths count from here. */
  readonly folder: string;
  readonly source: Source;
  /** Left out roles are chosen by the source's os-release. */
  readonly distro: DistroAdapter | undefined;
  readonly initramfs: InitramfsBuilder | undefined;
  readonly bootloader: Bootloader | undefined;
  readonly outputs: readonly OutputFormat[];
  readonly plugins: readonly Plugin[];
  /** In an order in which each layer comes after the one it is `on`. */
  readonly layers: readonly LayerRequest[];
  /** At least one; exactly one is the default. Layer lists hold ancestors, lowest first. */
  readonly profiles: readonly ProfileRequest[];
  readonly format: LayerFormat;
  readonly compression: Compression;
  /** Goes into the default file name. Default: the os-release ID of the source. */
  readonly name: string | undefined;
  /** Goes into the default file name. Default: the os-release VERSION_ID of the source. */
  readonly version: string | undefined;
  /** Heads the boot menu. Default: the os-release PRETTY_NAME of the source. */
  readonly title: string | undefined;
  readonly hostname: string;
  readonly user: LiveUser | undefined;
  readonly packages: readonly string[];
  readonly kernelArguments: readonly string[];
  /** Lines of .gitignore: what stays out of the base. */
  readonly excludes: readonly string[];
  /** Lines of .gitignore: what is brought back. */
  readonly include: readonly string[];
  /** Whether people and secrets of the source stay out of the image. */
  readonly identity: 'reset' | 'keep';
  readonly hardware: 'general' | 'virtual';
  /** Packages by the name of a need; wins over plugin and adapter. */
  readonly packageNames: Readonly<Record<string, readonly string[]>>;
}

/** The file system of layers. */
export type LayerFormat = 'squashfs' | 'erofs';

/** How layers are compressed. */
export interface Compression {
  /** `none` packs everything as it is. */
  readonly algorithm: 'none' | 'zstd' | 'xz' | 'gzip' | 'lz4' | 'lz4hc' | 'lzo';
  readonly level: number | undefined;
  /** Bytes: of files in a squashfs, of what they are compressed to in an erofs. */
  readonly block: number;
}
