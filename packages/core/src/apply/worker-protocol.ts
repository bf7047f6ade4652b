import type { Plan } from '../plan/model.ts';
import type { BuildEvent } from './events.ts';

/** The first line that the sandboxed worker gets on its standard input. */
export interface WorkerRequest {
  readonly plan: Plan;
  readonly cache: string;
  /** Names this run; its work lies in `tmp/<run>` of the cache. */
  readonly run: string;
  readonly rootless: boolean;
  /** Fingerprints by scan, taken by the caller in the same namespace. */
  readonly fingerprints: Readonly<Record<string, string>>;
  /** Ids of tasks to carry out even if they are cached. */
  readonly refresh: readonly string[];
  /** Stop after this task. */
  readonly until?: string;
  /** Owner of outputs: the person who called, also under sudo. */
  readonly owner: { readonly uid: number; readonly gid: number };
  /** May replace an output that livesys did not make. */
  readonly force: boolean;
  readonly secrets: Readonly<Record<string, string>>;
}

/** What the worker says, one per line. */
export type WorkerMessage = WorkerEvent | VolumeWanted;

/** What it tells of its work. */
export type WorkerEvent = Exclude<BuildEvent, { type: 'failed' }> | WorkerFailure;

/** Asks for a snapshot of the logical volume with a device number. */
interface VolumeWanted {
  readonly type: 'volume-wanted';
  readonly number: string;
}

/** The answer, a line on its standard input: the device of the snapshot, or why there is none. */
export interface VolumeAnswer {
  readonly number: string;
  readonly device?: string;
  readonly failure?: WorkerFailure;
}

/** How it failed, with where that was in our own code, which is for `--debug` alone. */
export type WorkerFailure = BuildEvent & { readonly type: 'failed'; readonly stack: string };
