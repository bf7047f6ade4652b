import type {
  Bootloader,
  DistroAdapter,
  InitramfsBuilder,
  OutputFormat,
  Plugin,
  Source,
} from '../contract/roles.ts';

/** Makes an instance from options. What it takes is its own matter, so nothing is said here. */
export type Factory<T> = (options: never) => T;

/** Parts that a config can name without installing anything, by their short names. */
export interface Builtins {
  readonly sources: Readonly<Record<string, Factory<Source>>>;
  readonly distros: Readonly<Record<string, Factory<DistroAdapter>>>;
  readonly initramfs: Readonly<Record<string, Factory<InitramfsBuilder>>>;
  readonly bootloaders: Readonly<Record<string, Factory<Bootloader>>>;
  readonly outputs: Readonly<Record<string, Factory<OutputFormat>>>;
  readonly plugins: Readonly<Record<string, Factory<Plugin>>>;
}
