import type { IncompleteKernel, MountFacts } from '../contract/facts.ts';
import type { ManifestProfile } from '../medium/manifest.ts';
import type { RefTarget } from '../contract/values.ts';

/**
 * The plan as data: what `livesys plan --json` prints and `livesys apply` reads. It holds
 * declarations only; fingerprints, sizes and whether a task is cached are not part of it.
 */
export interface Plan {
  readonly format: typeof PLAN_FORMAT;
  readonly wave: 'source' | 'image';
  /** False for wave source: wave image is planned on what it makes. */
  readonly complete: boolean;
  readonly architecture: string;
  /** For people: what the source is called. */
  readonly source: string;
  /** For people: kernels of the source that are not whole, and what each lacks. */
  readonly passedOver?: readonly IncompleteKernel[];
  /** Seconds since 1970; SOURCE_DATE_EPOCH of every command. */
  readonly sourceDateEpoch: number;
  /** State of the repositories by name; part of the key of every task with network. */
  readonly repositories: string;
  /** The key of the source tree that an image plan was made on. */
  readonly sourceKey?: string;
  /** Trees by id; layers lowest first. */
  readonly trees: Readonly<Record<string, PlanTree>>;
  readonly tasks: readonly PlanTask[];
  /** Contents that plugins ship: base64 by sha256. */
  readonly blobs: Readonly<Record<string, string>>;
  /** What the facts were read from; when one differs the plan is stale. */
  readonly observations: readonly Observation[];
}

export const PLAN_FORMAT = 1;

/** The steps of the lifecycle, wave source before them. */
export const STEPS = [
  'source',
  'installFilesystems',
  'prepareImage',
  'buildInitramfs',
  'installBootloader',
] as const;
export type Step = (typeof STEPS)[number];

export interface PlanTree {
  readonly layers: readonly PlanLayer[];
  /** The author vouches that of the layers below only these paths matter. */
  readonly keyedBy?: readonly string[];
}

export type PlanLayer =
  | { readonly kind: 'task'; readonly task: string }
  | ({ readonly kind: 'cached'; readonly key: string } & BaseRules)
  | ({ readonly kind: 'directory'; readonly path: string } & BaseRules)
  /** The running system: of its mounts those that are `in`, each by itself. */
  | ({ readonly kind: 'mounts'; readonly mounts: readonly MountFacts[] } & BaseRules);

/** What does not belong to the base, though it lies in the source. Lines of .gitignore. */
interface BaseRules {
  readonly leaveOut?: LeaveOut;
  /** Belongs to it, and changes all the time without saying anything about the system. */
  readonly volatile?: readonly string[];
}

/** What stays out of a tree, in the syntax of .gitignore; the last line that matches decides. */
export interface LeaveOut {
  readonly excludes: readonly string[];
  /** Brought back, except for secrets that it does not name itself. */
  readonly include: readonly string[];
  readonly secrets: readonly string[];
  /** Files that stay without the passwords in them, or hashes of passwords. */
  readonly passwords?: readonly string[];
}

export interface PlanTask {
  readonly id: string;
  readonly title: string;
  readonly step: Step;
  readonly plugin: string;
  readonly place: PlanPlace;
  readonly inputs: readonly PlanInput[];
  readonly result: PlanResult;
  readonly network: boolean;
  readonly heavy: boolean;
  readonly downloads: readonly { readonly name: string; readonly at: string }[];
  readonly operations: readonly Operation[];
}

export type PlanPlace =
  | { readonly kind: 'layer'; readonly on: string; readonly paths?: readonly string[] }
  | { readonly kind: 'chroot'; readonly tree: string; readonly paths?: readonly string[] }
  | {
      readonly kind: 'tools';
      readonly tree: string;
      readonly mounts: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'builder'; readonly mounts: Readonly<Record<string, string>> };

/** What a task reads; operations find it at `at`. */
export type PlanInput = { readonly at: string } & (
  | { readonly kind: 'tree'; readonly tree: string; readonly paths?: readonly string[] }
  | { readonly kind: 'topLayer'; readonly tree: string }
  | { readonly kind: 'artifact'; readonly task: string; readonly output: string }
  | { readonly kind: 'blob'; readonly sha256: string; readonly mode: number }
  | { readonly kind: 'builderPath'; readonly path: string; readonly excludes: readonly string[] }
);

export type PlanResult =
  /** Named files or folders in the cache. */
  | { readonly kind: 'artifacts'; readonly outputs: readonly string[] }
  /** The changes to the tree the task runs in. */
  | { readonly kind: 'layer' }
  /** A new tree, put at the output `root`. */
  | { readonly kind: 'root' }
  /** A file for the user, put at the output `image`; not kept in the cache. */
  | { readonly kind: 'output'; readonly path: string; readonly firmware: readonly string[] };

/** Text in a plan: a string, or parts of which some are known only while applying. */
export type PlanText = string | readonly (string | { readonly ref: RefTarget })[];

interface CommandOptions {
  readonly cwd?: PlanText;
  readonly env?: Readonly<Record<string, string>>;
  readonly progress?: 'mksquashfs' | 'mkfs.erofs' | 'xorriso' | 'apt' | 'percent';
  readonly stdin?: PlanText;
}

export type Operation =
  | ({ readonly kind: 'exec'; readonly argv: readonly PlanText[] } & CommandOptions)
  | ({
      readonly kind: 'pipe';
      readonly commands: readonly (readonly PlanText[])[];
    } & CommandOptions)
  | {
      readonly kind: 'write';
      readonly path: PlanText;
      readonly content: PlanText;
      readonly mode: number;
    }
  | {
      readonly kind: 'copy';
      readonly from: PlanText;
      readonly to: PlanText;
      readonly mode?: number;
      readonly owner: 'keep' | 'root';
    }
  | { readonly kind: 'link'; readonly target: PlanText; readonly path: PlanText }
  | { readonly kind: 'remove'; readonly path: PlanText }
  | { readonly kind: 'makeDirectory'; readonly path: PlanText; readonly mode: number }
  | {
      readonly kind: 'digest';
      readonly of: PlanText;
      readonly to: PlanText;
      readonly length: number;
    }
  | { readonly kind: 'accessLists'; readonly of: PlanText; readonly to: PlanText }
  | {
      readonly kind: 'laid';
      readonly of: readonly PlanText[];
      readonly in: PlanText;
      readonly leftOut: PlanText;
      readonly to: PlanText;
    }
  | { readonly kind: 'append'; readonly from: PlanText; readonly to: PlanText }
  | {
      readonly kind: 'partition';
      readonly image: PlanText;
      readonly id: PlanText;
      readonly active: boolean;
      readonly partitions: readonly PlanPartition[];
    }
  | {
      readonly kind: 'manifest';
      readonly image: ImageDescription;
      readonly to: { readonly manifest: PlanText; readonly json: PlanText; readonly id: PlanText };
    };

/** One partition of an image. A size is that of a file, or what the others leave. */
export interface PlanPartition {
  readonly number: number;
  readonly type: string;
  readonly name: string;
  readonly size: { readonly of: PlanText } | 'rest';
}

/** What the manifest of an image is made from. Layers lowest first. */
export interface ImageDescription {
  readonly layers: readonly {
    readonly name: string;
    readonly file: PlanText;
    readonly format: 'squashfs' | 'erofs';
    /** Its hash tree of dm-verity, which lies behind its data: `offset` in bytes, `rootHash` in hex. */
    readonly verity?: { readonly offset: PlanText; readonly rootHash: PlanText };
  }[];
  readonly kernels: readonly { readonly release: string; readonly image: PlanText }[];
  readonly profiles: readonly ManifestProfile[];
  readonly about: Readonly<Record<string, string>>;
}

/** One thing read while finding facts, with the hash of what was there. */
export interface Observation {
  readonly kind: 'text' | 'list' | 'stat' | 'realPath' | 'mounts';
  readonly path: string;
  readonly sha256: string;
}

/** Where inputs and outputs lie while a task runs; the same in every place. */
export const WORK = '/tmp/livesys';

/**
 * Begins the name of a folder of snapshots at the top of a btrfs; the name of a run follows. Where
 * the top itself is mounted, it is seen there.
 */
export const SNAPSHOTS = '.livesys-snapshot-';
