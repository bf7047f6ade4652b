import { LivesysError } from '@livesys/core/plugin';

import { cacheFolder } from '../cache/cache-folder.ts';
import type { BuildRequest, Engine, LoadedConfig, Planned } from '../engine/engine.ts';
import type { Context } from '../terminal/context.ts';
import { nearestName } from '../text/nearest.ts';
import { chooseView } from '../views/choose-view.ts';
import { VERSION } from '../version.ts';
import { assertSpace } from './assert-space.ts';
import { withView, type Watch } from './with-view.ts';

/** `livesys build`: plan, carry out; and once more when the image is planned on the source. */
export async function buildImage(
  request: BuildRequest,
  context: Context,
  options: { readonly json: boolean },
): Promise<void> {
  const view = chooseView(context, { json: options.json, version: VERSION });
  await withView(view, context, async (watch) => {
    const engine = await context.loadEngine();
    const config = await engine.loadConfig(request);
    const { file, source, plugins, profiles } = config;
    watch.show({ type: 'config', file, source, plugins, profiles });
    const first = await applyWave(engine, config, request, context, watch);
    if (first.complete || hasTask(first, request.until)) return;
    const second = await applyWave(engine, config, afterFirstWave(request), context, watch);
    if (!second.complete) {
      throw new LivesysError(
        'LIVESYS_INTERNAL',
        'The source exists and yet nothing else is planned.',
      );
    }
  });
}

/** What is left of a request when its first wave is done: packages and source are as new as asked. */
export function afterFirstWave(request: BuildRequest): BuildRequest {
  const refresh = request.refresh.filter((word) => word !== 'packages');
  return { ...request, refresh, sourceMade: true };
}

/** Plans, shows the plan, carries it out. Used by `livesys plan --prepare`, too. */
export async function applyWave(
  engine: Engine,
  config: LoadedConfig,
  request: BuildRequest,
  context: Context,
  watch: Watch,
): Promise<Planned> {
  const { signal } = context;
  const cache = cacheFolder(context);
  const planned = await engine.plan(config, request, { cache, record: true });
  if (planned.complete) requireTask(planned, request.until);
  watch.showPlan(planned, cache);
  assertSpace(planned);
  await engine.apply(planned.plan, {
    cache,
    planned,
    signal,
    onEvent: watch.show,
    force: request.force,
    refresh: request.refresh,
    ...(request.until !== undefined && hasTask(planned, request.until)
      ? { until: request.until }
      : {}),
  });
  return planned;
}

/** An unknown `--until` is an error before anything is done. */
export function requireTask(planned: Planned, until: string | undefined): void {
  if (until === undefined || hasTask(planned, until)) return;
  const ids = planned.tasks.map(({ id }) => id);
  const nearest = nearestName(until, ids);
  const hint = nearest === undefined ? '' : `; did you mean "${nearest}"?`;
  throw new LivesysError('LIVESYS_USAGE', `There is no task "${until}"${hint || '.'}`, {
    details: ids,
  });
}

function hasTask({ tasks }: Planned, id: string | undefined): boolean {
  return id !== undefined && tasks.some((task) => task.id === id);
}
