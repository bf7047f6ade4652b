import type { Blob } from './values.ts';

/** A file of the runtime, with its mode in the blob. */
export interface RuntimeFile {
  /** Absolute path where it is put. */
  readonly path: string;
  readonly blob: Blob;
}

/** What runs at boot and on the live system, as data that any initramfs tool can pack. */
export interface Runtime {
  readonly version: string;
  readonly initramfs: {
    readonly files: readonly RuntimeFile[];
    readonly binaries: {
      readonly required: readonly string[];
      readonly optional: readonly string[];
    };
    readonly kernelModules: {
      readonly required: readonly string[];
      readonly optional: readonly string[];
    };
    /** Programs by phase, absolute paths in the initramfs. */
    readonly entryPoints: Readonly<Record<'parse' | 'assemble' | 'publish' | 'emergency', string>>;
  };
  readonly image: {
    readonly files: readonly RuntimeFile[];
    /** systemd units to enable. */
    readonly enable: readonly string[];
  };
}
