import type { BuildEvent, Planned } from '../engine/engine.ts';
import type { Context } from '../terminal/context.ts';
import { asKnownError } from '../terminal/print-error.ts';
import type { View } from '../views/view.ts';

/** What a build tells while it runs. */
export interface Watch {
  readonly show: (event: BuildEvent) => void;
  showPlan(planned: Planned, cache: string): void;
}

/**
 * Runs a build with a view on it: counts its tasks, says `finished` or `failed`, and leaves the
 * terminal in order. Errors go on to the caller.
 */
export async function withView(
  view: View,
  context: Context,
  body: (watch: Watch) => Promise<void>,
): Promise<void> {
  const start = context.now();
  let ran = 0;
  let cached = 0;
  const show = (event: BuildEvent) => {
    if (event.type === 'task-finished' && event.cached) cached += 1;
    else if (event.type === 'task-finished') ran += 1;
    view.show(event);
  };
  const showPlan = (planned: Planned, cache: string) => {
    const { wave, complete, digest, tasks, spaceNeeded, spaceFree } = planned;
    show({ type: 'planned', wave, complete, digest, tasks, cache, spaceNeeded, spaceFree });
  };
  // Who interrupts is told so, and that must not end up in the picture of running tasks.
  const makeWay = () => view.close();
  context.signal.addEventListener('abort', makeWay, { once: true });
  try {
    await body({ show, showPlan });
    view.show({ type: 'finished', milliseconds: Math.round(context.now() - start), ran, cached });
  } catch (thrown) {
    view.show(failedEvent(thrown));
    throw thrown;
  } finally {
    context.signal.removeEventListener('abort', makeWay);
    view.close();
  }
}

function failedEvent(thrown: unknown): BuildEvent {
  const { code, exitCode, message, hint, details = [], task, plugin, log } = asKnownError(thrown);
  return {
    type: 'failed',
    code,
    exitCode,
    message,
    hint,
    details,
    ...(task === undefined ? {} : { task }),
    ...(plugin === undefined ? {} : { plugin }),
    ...(log === undefined ? {} : { log }),
  };
}
