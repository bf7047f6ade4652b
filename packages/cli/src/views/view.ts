import type { BuildEvent } from '../engine/engine.ts';

/** Shows a build while it runs. All views read the same stream of events. */
export interface View {
  show(event: BuildEvent): void;
  /** Leaves the terminal as a person can go on with it, also after a failure. */
  close(): void;
}
