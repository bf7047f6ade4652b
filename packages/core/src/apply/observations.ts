import { LivesysError } from '../errors/livesys-error.ts';
import type { Observation } from '../plan/model.ts';
import { observe } from '../probe/observe.ts';

/** Refuses a plan whose facts no longer hold: something they were read from has changed. */
export function checkObservations(observations: readonly Observation[], root: string): void {
  const changed = observations.filter(
    (seen) => observe(root, seen.kind, seen.path) !== seen.sha256,
  );
  if (changed.length === 0) return;
  throw new LivesysError(
    'LIVESYS_PLAN_STALE',
    `The source has changed since the plan was made (${changed.length} of ${observations.length} facts).`,
    {
      details: changed.slice(0, 10).map((seen) => seen.path),
    },
  );
}
