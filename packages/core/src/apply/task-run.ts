import type { Store } from '../cache/store.ts';
import type { BuildEvent } from './events.ts';
import type { TaskEnvironment } from './task-root.ts';

/** What a run gives to the tasks it carries out. */
export interface TaskRun extends TaskEnvironment {
  readonly store: Store;
  readonly logs: string;
  readonly secrets: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** Throws where what was read from a snapshot may be something else, so that it must not be kept. */
  assertSourceWhole(): Promise<void>;
  emit(event: BuildEvent): void;
}
