/**
 * What happens during a build, one object per event. `--json` prints them as they are, one per
 * line; the terminal tree and the plain lines are other views of the same stream. Sizes are bytes,
 * times milliseconds.
 */
export type BuildEvent =
  | {
      readonly type: 'config';
      readonly file: string | undefined;
      readonly source: string;
      readonly plugins: readonly {
        readonly role: string;
        readonly name: string;
        readonly version: string;
      }[];
      readonly profiles: readonly {
        readonly name: string;
        readonly default: boolean;
        readonly persistence: 'on' | 'off' | 'required';
      }[];
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
  | {
      readonly type: 'task-failed';
      readonly task: string;
      readonly title: string;
      readonly milliseconds: number;
      readonly message: string;
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

/** A task as a plan view shows it. */
export interface PlannedTask {
  readonly id: string;
  readonly title: string;
  readonly step: string;
  readonly plugin: string;
  readonly state: 'cached' | 'run';
  readonly key?: string;
  /** Why it is not cached, in a few words. */
  readonly reason?: string;
}
