import type { PlanBuilder } from './plan-builder.ts';
import type { Artifact, Text } from './values.ts';

/** One line of the boot menu. Titles are plain text; the loader escapes them. */
export type BootEntry =
  | {
      readonly kind: 'linux';
      readonly id: string;
      readonly title: string;
      /** The profile that it boots; with the persistence `selection`, when none was chosen. */
      readonly profile: string;
      readonly persistence: 'on' | 'off' | 'selection';
      readonly purpose:
        | 'normal'
        | 'verbose'
        | 'safe-graphics'
        | 'verify'
        | 'toram'
        | 'set-up-persistence';
      readonly kernel: Artifact;
      readonly initrds: readonly Artifact[];
      readonly arguments: readonly Text[];
      /**
       * What an entry with the persistence `selection` boots with instead of `arguments` when one of
       * these profiles was chosen last. A loader that can read `/livesys/grubenv` of the data
       * partition uses it; the others leave such profiles without their own arguments.
       */
      readonly choices?: readonly BootChoice[];
    }
  | { readonly kind: 'firmware-setup' | 'local-disk'; readonly id: string; readonly title: string };

/** A profile that has kernel arguments of its own. */
export interface BootChoice {
  readonly profile: string;
  readonly arguments: readonly Text[];
}

/** What a boot loader adds to a medium. Keys are absolute paths. */
export interface BootAssets {
  readonly firmware: readonly ('bios' | 'uefi')[];
  /**
   * Files of the EFI system partition. They are also put on the medium's own file system, where a
   * file of `medium` with the same path wins.
   */
  readonly esp?: Readonly<Record<string, Artifact | Text>>;
  /** Files of the medium's own file system. */
  readonly medium?: Readonly<Record<string, Artifact | Text>>;
  /** The image that a BIOS loads from a CD. */
  readonly elTorito?: { readonly bios?: Artifact };
  /** Bytes outside every file system, so that a stick boots on a BIOS. */
  readonly raw?: readonly RawBytes[];
  /** For loaders that patch the finished image. */
  finish?(plan: PlanBuilder, image: Artifact): Artifact;
}

/** Boot code at a place that a BIOS, or the code that it started, finds by address. */
export interface RawBytes {
  readonly at: 'mbr-code' | 'bios-boot-partition';
  readonly bytes: Artifact;
  /**
   * The kind of image it is for, where code for one cannot start the other: `iso`, or `disk`, whose
   * BIOS boot partition begins at sector 2048. Default: every kind.
   */
  readonly for?: 'iso' | 'disk';
  /**
   * Who writes into the code where it continues: `grub2` means at byte 0x1b0 of the code and
   * byte 2548 of the El Torito image. Default: nobody.
   */
  readonly patch?: 'grub2';
}
