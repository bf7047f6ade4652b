/**
 * What the commands need of core, and nothing more. The commands are written against this
 * interface and tested with a made-up engine; {@link loadEngine} is the one place that connects
 * the real one, and imports it only when a command asks for it.
 */

/** What happens during a build. The same shape as core's events. */
export type BuildEvent =
  | {
      readonly type: 'config';
      readonly file: string | undefined;
      readonly source: string;
      readonly plugins: readonly PluginInfo[];
    }
  | {
      readonly type: 'planned';
      readonly wave: 'source' | 'image';
      readonly complete: boolean;
      readonly digest: string;
      readonly tasks: readonly PlannedTask[];
      readonly cache: string;
      readonly spaceNeeded: number;
      readonly spaceFree: number;
    }
  | { readonly type: 'waiting'; readonly reason: string }
  | { readonly type: 'task-started'; readonly task: string; readonly title: string }
  | {
      readonly type: 'task-progress';
      readonly task: string;
      readonly percent?: number;
      readonly note?: string;
    }
  | {
      readonly type: 'task-finished';
      readonly task: string;
      readonly title: string;
      readonly cached: boolean;
      readonly milliseconds: number;
      readonly bytesIn?: number;
      readonly bytesOut?: number;
    }
  | { readonly type: 'warning'; readonly message: string; readonly task?: string }
  | {
      readonly type: 'output';
      readonly path: string;
      readonly bytes: number;
      readonly imageId: string;
      readonly firmware: readonly string[];
      readonly cached: boolean;
    }
  | {
      readonly type: 'failed';
      readonly code: string;
      readonly exitCode: number;
      readonly message: string;
      readonly hint: string;
      readonly details: readonly string[];
      readonly task?: string;
      readonly plugin?: string;
      readonly log?: string;
    }
  | {
      readonly type: 'finished';
      readonly milliseconds: number;
      readonly ran: number;
      readonly cached: number;
    };

export interface PluginInfo {
  readonly role: string;
  readonly name: string;
  readonly version: string;
}

export interface PlannedTask {
  readonly id: string;
  readonly title: string;
  readonly step: string;
  readonly plugin: string;
  readonly state: 'cached' | 'run';
  readonly reason?: string;
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
  /** Stop when this task is done. */
  readonly until?: string;
  /** Replace an output that livesys did not make. */
  readonly force: boolean;
}

/** A config that is loaded and checked. What is in it concerns core alone. */
export interface LoadedConfig {
  readonly file: string | undefined;
  readonly source: string;
  readonly plugins: readonly PluginInfo[];
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
  /** For {@link Engine.renderPlanText}. */
  readonly view: unknown;
}

export interface RunOptions {
  readonly cache: string;
  readonly signal: AbortSignal;
  readonly onEvent: (event: BuildEvent) => void;
}

export interface CacheEntry {
  readonly key: string;
  readonly task: string;
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly lastUsed: number;
}

export interface PruneResult {
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
    options: Omit<RunOptions, 'onEvent'>,
  ): Promise<Planned>;
  /** Carries out one plan: the data alone, no config and no plugin. */
  apply(
    plan: unknown,
    options: RunOptions & Pick<BuildRequest, 'until' | 'force' | 'refresh'>,
  ): Promise<void>;
  /** Checks plan data from a file: format, blobs. Throws LIVESYS_PLAN_INVALID. */
  parsePlan(data: unknown): Promise<Planned['plan']>;
  /** Describes a plan that came from a file. */
  describePlan(plan: unknown, options: { readonly cache: string }): Promise<Planned>;
  renderPlanText(planned: Planned): string;
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

/** The engine of this installation. */
export async function loadEngine(): Promise<Engine> {
  const { LivesysError } = await import('@livesys/core/plugin');
  throw new LivesysError('LIVESYS_INTERNAL', 'the engine is not connected yet');
}
