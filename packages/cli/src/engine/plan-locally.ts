import { homedir } from 'node:os';

import {
  annotatePlan,
  findConfigFile,
  loadConfig,
  LocalStore,
  planBuild,
  planScans,
  readFacts,
  resolveConfig,
  rootReader,
  sourceLabel,
  taskKeys,
  type News,
  type Plan,
  type ResolvedConfig,
} from '@livesys/core';
import type { Facts } from '@livesys/core/plugin';

import type { BuildRequest, LoadedConfig } from './engine.ts';
import { BUILTINS, defaults } from './builtins.ts';
import { repositoryState } from './lock-file.ts';
import { MODULES } from './modules.ts';
import { namedSource } from './named-source.ts';

/** Loads and checks the config, in this process and as this user. */
export async function loadLocally(request: BuildRequest): Promise<ResolvedConfig> {
  const { cwd } = request;
  const named =
    request.source === undefined
      ? await withoutConfig(request)
      : await namedSource(request.source, cwd, Object.keys(BUILTINS.distros));
  if (named !== undefined && request.config === undefined) {
    return resolveConfig(named, {
      file: undefined,
      folder: cwd,
      builtins: BUILTINS,
      modules: MODULES,
    });
  }
  const config = await loadConfig({
    ...{ cwd, home: homedir() },
    builtins: BUILTINS,
    modules: MODULES,
    ...(request.config === undefined ? {} : { file: request.config }),
  });
  if (named === undefined) return config;
  const { folder } = config;
  const other = await resolveConfig(named, {
    file: undefined,
    folder,
    builtins: BUILTINS,
    modules: MODULES,
  });
  return { ...config, source: other.source, distro: other.distro ?? config.distro };
}

/** Where there is no config, the system that runs is meant, as by a config that says nothing. */
async function withoutConfig({ cwd, config }: BuildRequest): Promise<object | undefined> {
  if (config !== undefined) return undefined;
  return (await findConfigFile(cwd, homedir())) === undefined ? {} : undefined;
}

/** What a config is, in a few words for people. */
export function describeConfig(config: ResolvedConfig): Omit<LoadedConfig, 'resolved'> {
  const roles = [
    { role: 'source', plugin: config.source },
    { role: 'distro', plugin: config.distro },
    { role: 'initramfs', plugin: config.initramfs ?? defaults().initramfs },
    { role: 'bootloader', plugin: config.bootloader ?? defaults().bootloader },
    ...config.outputs.map((plugin) => ({ role: 'output', plugin })),
    ...config.plugins.map((plugin) => ({ role: 'plugin', plugin })),
  ];
  const plugins = roles.flatMap(({ role, plugin }) =>
    plugin === undefined ? [] : [{ role, name: plugin.name, version: plugin.version }],
  );
  const profiles = config.profiles.map(({ name, persistence, ...profile }) => ({
    name,
    default: profile.default,
    persistence,
  }));
  return {
    file: config.file,
    profiles,
    source: sourceLabel(config.source, config.distro),
    plugins,
  };
}

/** Where the result of a source task lies. */
export interface FoundSource {
  readonly key: string;
  readonly folder: string;
}

export interface LocalPlanOptions {
  readonly cache: string;
  /** Whether this is a build, which records the state of the repositories. */
  readonly record: boolean;
  /** Default: {@link findSource}. */
  readonly findSource?: (plan: Plan) => Promise<FoundSource | undefined>;
}

/** Finds the result of a source task by its key, or undefined when it does not exist yet. */
export async function findSource(plan: Plan, cache: string): Promise<FoundSource | undefined> {
  const store = new LocalStore(cache);
  // An archive is the only thing on the builder that a source task may read.
  const { fingerprints } = needsFingerprints(plan)
    ? await annotatePlan(plan, { cache })
    : { fingerprints: new Map<string, string>() };
  const key = taskKeys(plan, fingerprints).get('source:base')?.key ?? '';
  return (await store.find(key)) === undefined ? undefined : { key, folder: store.content(key) };
}

/** Whether a key depends on who looks: in a user namespace owners have other numbers. */
export const needsFingerprints = (plan: Plan): boolean => planScans(plan).length > 0;

/** Plans with what a config asks for. Changes nothing but the lock file, and that only for a build. */
export async function planLocally(
  config: ResolvedConfig,
  request: BuildRequest,
  { cache, record, ...options }: LocalPlanOptions,
): Promise<{
  readonly plan: Plan;
  readonly facts: Facts | undefined;
  readonly news: News | undefined;
}> {
  const repositories = await repositoryState({
    folder: config.file === undefined ? undefined : config.folder,
    cache,
    record,
    renew: request.refresh.includes('packages'),
  });
  return planBuild({
    config,
    defaults: defaults(),
    architecture: 'x86_64',
    repositories,
    builder: rootReader('/'),
    probe: rootReader,
    cache,
    ...(request.output === undefined ? {} : { outputFolder: request.output }),
    ...(request.facts === undefined ? {} : { facts: readFacts(request.facts) }),
    findSource: async (plan) => {
      if (request.refresh.includes('source') && request.sourceMade !== true) return undefined;
      return options.findSource === undefined ? findSource(plan, cache) : options.findSource(plan);
    },
  });
}
