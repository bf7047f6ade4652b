import type {
  Bootloader,
  DistroAdapter,
  InitramfsBuilder,
  OutputFormat,
  Plugin,
  Source,
} from '../contract/roles.ts';
import type { SecretSource } from '../contract/secret.ts';
import type { Ref } from '../contract/values.ts';

/**
 * A part of a build: what a factory returned, or its name, or its name and options. A name is one
 * that livesys knows (`'iso'`), a package (`'livesys-output-usb'`) or a path from the config's
 * folder (`'./my-output.ts'`).
 */
type RoleSpec<T> = string | readonly [name: string, options?: unknown] | T;

/** What a person writes into `livesys.config.ts`. Every key may be left out. */
export interface UserConfig {
  /** Where the base comes from. Default: `host`, the system that is running. */
  readonly source?: RoleSpec<Source>;
  /** The distribution adapter. Default: chosen by the source's os-release. */
  readonly distro?: RoleSpec<DistroAdapter>;
  /** What makes the initramfs. Default: chosen by livesys. */
  readonly initramfs?: RoleSpec<InitramfsBuilder>;
  /** The boot loader. Default: chosen by livesys. */
  readonly bootloader?: RoleSpec<Bootloader>;
  /** What a build makes. Default: one ISO. */
  readonly outputs?: readonly RoleSpec<OutputFormat>[];
  /** Further plugins. Default: none. */
  readonly plugins?: readonly RoleSpec<Plugin>[];
  /** Layers above the base, by name. Default: none. */
  readonly layers?: Readonly<Record<string, UserLayer>>;
  /** Named choices of layers. Default: one profile `live` with every layer. */
  readonly profiles?: Readonly<Record<string, UserProfile>>;
  /** How layers are compressed. Default: `balanced`. */
  readonly compression?: UserCompression;
  /** The file system of layers; `erofs` reads single files quicker and is larger. Default: `squashfs`. */
  readonly format?: 'squashfs' | 'erofs';
  /** Goes into the default file name. Default: the os-release ID of the source. */
  readonly name?: string;
  /** Goes into the default file name. Default: the os-release VERSION_ID of the source. */
  readonly version?: string;
  /** Heads the boot menu. Default: the os-release PRETTY_NAME of the source. */
  readonly title?: string;
  /** The name of the live system on a network. Default: `live`. */
  readonly hostname?: string;
  /** The user of the live system; false for none. Default: `live`, without a password. */
  readonly user?: false | UserAccount;
  /** Packages that every profile has, in addition to those of the source. Default: none. */
  readonly packages?: readonly string[];
  /** Kernel arguments of every boot entry, each by itself. Default: none. */
  readonly kernelArguments?: readonly string[];
  /**
   * What stays out of the base, in the syntax of .gitignore from the root of the source; `/path/*`
   * keeps the folder. Default: none.
   */
  readonly excludes?: readonly string[];
  /** What is brought back though livesys or `excludes` leave it out, in the same syntax. Default: none. */
  readonly include?: readonly string[];
  /**
   * `reset` leaves out of the base what belongs to its people, what tells who they and the machine
   * are, and what is secret: an image to hand on. `keep` makes a personal copy, with users, homes and
   * keys, and without a live user unless one is named. Default: `reset`.
   */
  readonly identity?: 'reset' | 'keep';
  /** `virtual` is content with a kernel that lacks drivers of real machines. Default: `general`. */
  readonly hardware?: 'general' | 'virtual';
  /** Packages by the name of a need, for a distribution whose adapter does not know them. Default: none. */
  readonly packageNames?: Readonly<Record<string, readonly string[]>>;
}

/**
 * One layer. With packages or commands it belongs to a branch of the layer tree: files are copied
 * in after the packages and before the commands. With files alone it lies above every branch.
 */
export interface UserLayer {
  /** The layer below it; not for layers made of files alone. Default: the base. */
  readonly on?: string;
  /** Packages to install. */
  readonly packages?: readonly string[];
  /** A folder, from the config's folder, whose content is copied over the root. */
  readonly files?: string;
  /** Commands to run in the layer, each a list of words. */
  readonly commands?: readonly (readonly string[])[];
}

/** One entry of the boot menu. */
export interface UserProfile {
  /** Layers above the base; naming one brings those below it. Default: none. */
  readonly layers?: readonly string[];
  /**
   * Whether changes are kept on the medium. With `on` a boot goes on without, and says so, where
   * they cannot be kept; with `required` it stops. Default: `off`.
   */
  readonly persistence?: 'on' | 'off' | 'required';
  /** Whether it boots when nobody chooses. Default: true for the first profile. */
  readonly default?: boolean;
  /** What the boot menu says. Default: the profile's name. */
  readonly title?: string;
  /** Kernel arguments of this profile, each by itself. Default: none. */
  readonly kernelArguments?: readonly string[];
}

export type CompressionGoal = 'fast' | 'balanced' | 'small';

/** A goal, `none` for layers that hold everything as it is, or exact settings of the compressor. */
export type UserCompression =
  | CompressionGoal
  | 'none'
  | {
      /** With `erofs` one of `lz4` and `lz4hc`. */
      readonly algorithm: 'zstd' | 'xz' | 'gzip' | 'lz4' | 'lz4hc' | 'lzo';
      /** Default: the compressor's own. */
      readonly level?: number | undefined;
      /** Bytes, or text such as `256K`; a power of two from 4K to 1M. Default: 128K, with `erofs` 64K. */
      readonly block?: number | string | undefined;
    };

/** The user of the live system. */
export interface UserAccount {
  /** Default: `live`. */
  readonly name?: string;
  /** `none` locks it; a `secret()`, or where one is read from, never appears in a plan. Default: `none`. */
  readonly password?: 'none' | { readonly text: string } | SecretSource | Ref;
  /** Logs in by itself on the console, and in the greeter of a desktop. Default: true. */
  readonly autologin?: boolean;
  /** May become root without a password. Default: true. */
  readonly sudo?: boolean;
}
