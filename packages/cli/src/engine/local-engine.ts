import { readFile } from 'node:fs/promises';

import {
  annotatePlan,
  applyPlan,
  configJsonSchema,
  LocalStore,
  parsePlan,
  planDigest,
  pruneCache,
  renderShell,
  renderText,
  type Annotations,
  type News,
  type Plan,
  type ResolvedConfig,
} from '@livesys/core';

import { installLineFor } from '../doctor/packages.ts';
import type { Engine, Planned } from './engine.ts';
import { hereOf } from './here.ts';
import { formatSize } from '../text/size.ts';
import { profilePhrase } from '../views/phrases.ts';
import { describeConfig, loadLocally, planLocally } from './plan-locally.ts';
import { tellPlanned, withNews } from './news.ts';
import { planAsUser, planUnderSudo, userBehindSudo } from './plan-as-user.ts';
import { refreshedTasks } from './refresh.ts';

/** What a planned build keeps between planning, showing and applying. */
interface View {
  readonly annotations: Annotations;
  readonly news: News | undefined;
}

/**
 * The engine on this machine. Under sudo no config and no plugin runs as root: they run in a child
 * that is the person who called, and only the plan, which is data, comes back.
 */
export function localEngine(env: NodeJS.ProcessEnv): Engine {
  const user = userBehindSudo(env);
  return {
    async loadConfig(request) {
      if (user !== undefined) {
        const { config } = await planAsUser(user, {
          request,
          plan: false,
          cache: '',
          record: false,
        });
        return { ...config, resolved: undefined };
      }
      const resolved = await loadLocally(request);
      return { ...describeConfig(resolved), resolved };
    },
    async plan(config, request, { cache, record, leftOutTime }) {
      const options = { cache, record };
      const { plan, facts, news } =
        user === undefined
          ? await planLocally(config.resolved as ResolvedConfig, request, options)
          : await planUnderSudo(user, { request, ...options });
      const { refresh } = request;
      const found = await annotated(plan, { cache, refresh, leftOutTime }, news);
      await tellPlanned(news, config, found);
      return facts === undefined ? found : { ...found, facts };
    },
    async apply(plan, options) {
      const { cache, signal, onEvent, force, refresh, until } = options;
      const checked = plan as Plan;
      const view = options.planned?.view as View | undefined;
      await withNews(view?.news, onEvent, async (show) =>
        applyPlan(checked, {
          cache,
          signal,
          onEvent: show,
          installLine,
          force,
          refresh: refreshedTasks(checked, refresh),
          ...(until === undefined ? {} : { until }),
          ...(view === undefined ? {} : { fingerprints: view.annotations.fingerprints }),
        }),
      );
    },
    parsePlan: async (data) => parsePlan(data),
    describePlan: async (plan, { cache }) =>
      annotated(plan as Plan, { cache, refresh: [] }, undefined),
    renderPlanText(planned, { excludes }) {
      const { annotations } = planned.view as View;
      return renderText(planned.plan as Plan, {
        ...annotations,
        cache: planned.cache,
        excludes,
        formatBytes: formatSize,
        describeProfile: profilePhrase,
      });
    },
    renderPlanShell: (plan) => renderShell(plan as Plan),
    configSchema: () => configJsonSchema(),
    listCache: async (cache) => new LocalStore(cache).listUsed(),
    pruneCache: async (cache, { olderThan }) => pruneCache(cache, { olderThan, now: Date.now() }),
  };
}

/** The next step for a program that this machine lacks. */
async function installLine(program: string): Promise<string | undefined> {
  const osRelease = await readFile('/etc/os-release', 'utf8').catch(() => undefined);
  const line = installLineFor(program, osRelease);
  return line === undefined ? undefined : `Install ${program}: ${line}`;
}

async function annotated(
  plan: Plan,
  options: Parameters<typeof annotatePlan>[1] & { readonly refresh: readonly string[] },
  news: News | undefined,
): Promise<Planned> {
  const refresh = refreshedTasks(plan, options.refresh);
  const annotations = await annotatePlan(plan, { ...options, refresh });
  const { spaceNeeded, spaceFree } = annotations;
  return {
    plan,
    wave: plan.wave,
    complete: plan.complete,
    digest: planDigest(plan),
    tasks: annotations.tasks,
    spaceNeeded,
    spaceFree,
    cache: options.cache,
    here: hereOf(annotations),
    view: { annotations, news } satisfies View,
  };
}
