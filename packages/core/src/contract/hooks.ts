import type { AsyncParallelHook, SyncHook, SyncWaterfallHook } from 'tapable';
import type { BootAssets, BootEntry } from './boot.ts';
import type { Facts } from './facts.ts';
import type { PlanBuilder } from './plan-builder.ts';
import type { InitramfsContents } from './roles.ts';
import type { Text, Tree } from './values.ts';

/**
 * Order of taps on one hook. `before` sees, and may replace, what the built-in work reads; `after`
 * sees what it made.
 */
export const STAGE = { before: -100, main: 0, after: 100 } as const;

/** A layer of the image as the config or a plugin names it. */
export interface LayerRequest {
  readonly name: string;
  /** The layer below; the base if left out. Not for layers made of files. */
  readonly on?: string;
  readonly packages?: readonly string[];
  /** A folder on the builder whose content is copied over the root, owned by root. */
  readonly files?: string;
  /** Commands run in the layer's tree, each one argv. */
  readonly commands?: readonly (readonly string[])[];
  /** Files with content, such as a plugin's unit or setting. */
  readonly contents?: readonly {
    readonly path: string;
    readonly content: string;
    readonly mode?: number;
  }[];
}

/** A named choice of layers. */
export interface ProfileRequest {
  readonly name: string;
  readonly title: string;
  /** Lowest first, ancestors included. */
  readonly layers: readonly string[];
  /** `required`: on, and the boot stops where changes cannot be kept. */
  readonly persistence: 'on' | 'off' | 'required';
  readonly default: boolean;
  readonly kernelArguments: readonly string[];
}

/** What the image gets on top of everything, in the fixups layer. */
export interface PackagesRequest {
  /** Installed into the base's package layer `packages` when not empty. */
  readonly packages: readonly string[];
  readonly facts: Facts;
}

export interface StepContext {
  readonly plan: PlanBuilder;
  readonly facts: Facts;
}

export interface PrepareImageContext extends StepContext {
  /** The base tree. */
  readonly base: Tree;
}

/** What is known when the parts are chosen and checked. */
export interface ConfigResolved {
  readonly configFile: string | undefined;
  readonly plugins: readonly string[];
}

export interface TaskDone {
  readonly task: string;
  readonly cached: boolean;
  readonly milliseconds: number;
}

/**
 * The lifecycle. Steps are called while planning, in this order; values pass one deep-frozen
 * object from tap to tap, each returns the next; news inform and cannot fail a run.
 */
export interface Hooks {
  readonly installFilesystems: SyncHook<[StepContext]>;
  readonly prepareImage: SyncHook<[PrepareImageContext]>;
  readonly buildInitramfs: SyncHook<[StepContext]>;
  readonly installBootloader: SyncHook<[StepContext]>;

  readonly layers: SyncWaterfallHook<
    [{ readonly layers: readonly LayerRequest[]; readonly facts: Facts }]
  >;
  readonly profiles: SyncWaterfallHook<
    [{ readonly profiles: readonly ProfileRequest[]; readonly facts: Facts }]
  >;
  readonly packages: SyncWaterfallHook<[PackagesRequest]>;
  readonly imageExcludes: SyncWaterfallHook<
    [{ readonly excludes: readonly string[]; readonly facts: Facts }]
  >;
  readonly imageFiles: SyncWaterfallHook<[ImageFiles]>;
  readonly initramfsContents: SyncWaterfallHook<[InitramfsContents]>;
  readonly kernelArguments: SyncWaterfallHook<
    [{ readonly arguments: readonly Text[]; readonly facts: Facts }]
  >;
  readonly bootEntries: SyncWaterfallHook<[{ readonly entries: readonly BootEntry[] }]>;
  readonly bootAssets: SyncWaterfallHook<[BootAssets]>;

  readonly configResolved: AsyncParallelHook<[ConfigResolved]>;
  readonly planCompleted: AsyncParallelHook<
    [{ readonly digest: string; readonly complete: boolean }]
  >;
  readonly taskDone: AsyncParallelHook<[TaskDone]>;
  readonly failed: AsyncParallelHook<[{ readonly code: string; readonly message: string }]>;
}

/** Payload of `imageFiles`: files of the fixups layer, on top of every profile. */
export interface ImageFiles {
  readonly files: readonly {
    readonly path: string;
    readonly content: string;
    readonly mode?: number;
  }[];
  /** systemd units to enable. */
  readonly enable: readonly string[];
}
