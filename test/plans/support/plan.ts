import { fileURLToPath } from 'node:url';

import { loadConfig, planBuild, type Plan, type ResolvedConfig } from '@livesys/core';

import { BUILTINS, defaults } from '../../../packages/cli/src/engine/builtins.ts';
import { MODULES } from '../../../packages/cli/src/engine/modules.ts';
import { BUILDER, recordedFacts, type Release } from './recorded.ts';

export const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** Where the config of every plan here seems to lie. */
export const FOLDER = '/srv/project';
const SOURCE_KEY = 'a'.repeat(64);

export const loadExample = (file: string): Promise<ResolvedConfig> =>
  loadConfig({ cwd: ROOT, file, builtins: BUILTINS, modules: MODULES });

/** Plans the source of a config, or nothing where it exists already. */
export const planSourceOf = (config: ResolvedConfig): Promise<Plan> => plan(config, undefined);

/** Plans the image of a config from recorded facts. */
export const planImageOf = (config: ResolvedConfig, release: Release): Promise<Plan> =>
  plan(config, release);

/** Everything that differs between machines is given: builder, repositories, facts and folder. */
async function plan(config: ResolvedConfig, release: Release | undefined): Promise<Plan> {
  const { plan: planned } = await planBuild({
    config,
    defaults: defaults(),
    architecture: 'x86_64',
    repositories: '2026-01-01T00:00:00.000Z',
    builder: BUILDER,
    ...(release === undefined ? {} : { facts: recordedFacts(release) }),
    findSource: async () =>
      release === undefined ? undefined : { key: SOURCE_KEY, folder: '/nonexistent' },
    probe: (root) => {
      throw new Error(`nothing may be read while planning from facts: ${root}`);
    },
  });
  return moved(planned, config.folder);
}

/** The plan as it would be if the config lay in {@link FOLDER}. */
function moved<T>(value: T, from: string): T {
  return JSON.parse(JSON.stringify(value).replaceAll(`"${from}/`, `"${FOLDER}/`)) as T;
}
