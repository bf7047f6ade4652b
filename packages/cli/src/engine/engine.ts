/**
 * What the commands need of core, and nothing more. The commands are written against this
 * interface and tested with a made-up engine; `loadEngine` connects the real one.
 */
import type { BuildEvent, PlannedTask } from '@livesys/core';

export type { BuildEvent, PlannedTask } from '@livesys/core';

export interface PluginInfo {
  readonly role: string;
  readonly name: string;
  readonly version: string;
}

/** What `livesys build` and `livesys plan` were asked for. Paths are absolute. */
export interface BuildRequest {
  readonly cwd: string;
  /** `--config`; otherwise the config is searched from `cwd` upwards. */
  readonly config?: string;
  /** A source named on the command line: `/`, a folder, an archive, `debian:bookworm`. */
  readonly source?: string;
  /** Folder for the outputs instead of the one in the config. */
  readonly output?: string;
  /** Facts to plan with instead of probing, as read from a file. */
  readonly facts?: unknown;
  /** `packages`, `source`, `tools`, or ids of tasks: results not to take from the cache. */
  readonly refresh: readonly string[];
  /** The source was made by the wave before, so that a refresh of it is done. */
  readonly sourceMade?: boolean;
  /** Stop when this task is done. */
  readonly until?: string;
  /** Replace an output that livesys did not make. */
  readonly force: boolean;
}

/** What people are told of a profile. */
export interface ProfileInfo {
  readonly name: string;
  readonly default: boolean;
  readonly persistence: 'on' | 'off' | 'required';
}

/** A config that is loaded and checked. What is in it concerns core alone. */
export interface LoadedConfig {
  readonly file: string | undefined;
  readonly source: string;
  readonly plugins: readonly PluginInfo[];
  readonly profiles: readonly ProfileInfo[];
  readonly resolved: unknown;
}

/** A plan with what is known about it here and now. */
export interface Planned {
  /** Versioned data; goes to `plan.json` as it is. */
  readonly plan: unknown;
  readonly wave: 'source' | 'image';
  /** False when the image can only be planned once the source exists. */
  readonly complete: boolean;
  readonly digest: string;
  /** Missing in wave source. */
  readonly facts?: unknown;
  readonly tasks: readonly PlannedTask[];
  readonly spaceNeeded: number;
  readonly spaceFree: number;
  readonly cache: string;
  /** What is true on this machine now, as data: `here` of `livesys plan --json`. */
  readonly here: unknown;
  /** For {@link Engine.renderPlanText} and {@link Engine.apply}. */
  readonly view: unknown;
}

interface RunOptions {
  readonly cache: string;
  readonly signal: AbortSignal;
  readonly onEvent: (event: BuildEvent) => void;
}

interface CacheEntry {
  readonly key: string;
  readonly task: string;
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly lastUsed: number;
}

interface PruneResult {
  readonly removed: number;
  readonly bytes: number;
}

/**
 * Everything throws LivesysError. Events that {@link Engine.apply} sends: `waiting`, `task-*`,
 * `warning` and `output`; the command line sends `config`, `planned`, `failed` and `finished`,
 * because a build may apply two plans.
 */
export interface Engine {
  loadConfig(request: BuildRequest): Promise<LoadedConfig>;
  plan(
    config: LoadedConfig,
    request: BuildRequest,
    options: {
      readonly cache: string;
      /** Whether a build follows, which records the state of the repositories. */
      readonly record: boolean;
      /** Milliseconds that measuring what is left out may take. Default: it is not measured. */
      readonly leftOutTime?: number | undefined;
    },
  ): Promise<Planned>;
  /** Carries out one plan: the data alone, no config and no plugin. */
  apply(
    plan: unknown,
    options: RunOptions &
      Pick<BuildRequest, 'until' | 'force' | 'refresh'> & {
        /** What is known already; otherwise the source is looked at again. */
        readonly planned?: Planned;
      },
  ): Promise<void>;
  /** Checks plan data from a file: format, blobs. Throws LIVESYS_PLAN_INVALID. */
  parsePlan(data: unknown): Promise<Planned['plan']>;
  /** Describes a plan that came from a file. */
  describePlan(plan: unknown, options: { readonly cache: string }): Promise<Planned>;
  renderPlanText(planned: Planned, options: { readonly excludes: boolean }): string;
  renderPlanShell(plan: unknown): string;
  /** The JSON Schema of the config. */
  configSchema(): unknown;
  listCache(cache: string): Promise<readonly CacheEntry[]>;
  /** Removes what no build used for `olderThan` milliseconds; 0 removes everything. */
  pruneCache(
    cache: string,
    options: { readonly olderThan: number; readonly signal: AbortSignal },
  ): Promise<PruneResult>;
}
