import type { ResolvedConfig } from '../config/resolved.ts';
import type { Architecture, Facts, MountFacts } from '../contract/facts.ts';
import type { Probe } from '../contract/probe.ts';
import type { Bootloader, DistroAdapter, InitramfsBuilder } from '../contract/roles.ts';
import type { Runtime } from '../contract/runtime.ts';
import { collectFacts, requireDistro } from '../facts/collect.ts';
import { type Observation, type Plan, type PlanTree } from '../plan/model.ts';
import type { News } from '../plugins/news.ts';
import { observeMounts, recordProbe } from '../probe/observe.ts';
import { planImage } from './plan-image.ts';
import { planSource } from './plan-source.ts';

/** What a build can fall back on where the config leaves a slot out. */
export interface Defaults {
  readonly distros: readonly DistroAdapter[];
  readonly initramfs: InitramfsBuilder;
  readonly bootloader: Bootloader;
  readonly runtime: Runtime;
}

export interface PlanBuildOptions {
  readonly config: ResolvedConfig;
  readonly defaults: Defaults;
  readonly architecture: Architecture;
  /** State of the repositories; part of the key of tasks with network. */
  readonly repositories: string;
  /** The builder's own root. */
  readonly builder: Probe;
  /** Folder for the outputs instead of the one in the config. */
  readonly outputFolder?: string;
  /** Where results will be kept; it is left out of the running system. */
  readonly cache?: string;
  /** Facts from a file instead of the source. */
  readonly facts?: Facts;
  /** Finds the result of a source task; undefined when it does not exist yet. */
  findSource(plan: Plan): Promise<{ readonly key: string; readonly folder: string } | undefined>;
  /** Reads a root file system. */
  probe(root: string): Probe;
}

/** A plan with the facts it was made from. Wave source has none yet. */
export interface Planned {
  readonly plan: Plan;
  readonly facts: Facts | undefined;
  /** Hooks of the plugins that took part; none in wave source. */
  readonly news: News | undefined;
}

/** Plans a build: wave image where the source can be looked at, else the wave that makes it. */
export async function planBuild(options: PlanBuildOptions): Promise<Planned> {
  const { config, builder, architecture, repositories } = options;
  const source = planSource({
    source: config.source,
    distro: config.distro,
    folder: config.folder,
    ...{ builder, architecture, repositories },
    ...(options.facts?.mounts === undefined ? {} : { mounts: options.facts.mounts }),
  });
  const tree = source.trees['source:base'] as PlanTree;
  const layer = tree.layers[0];
  if (layer?.kind === 'directory') return imageOn(options, tree, layer.path, undefined);
  if (layer?.kind === 'mounts') return imageOn(options, tree, '/', undefined, layer.mounts);
  const found = await options.findSource(source);
  if (found === undefined && options.facts === undefined)
    return { plan: source, facts: undefined, news: undefined };
  const key = found?.key ?? 'not-made-yet';
  return imageOn(options, { layers: [{ kind: 'cached', key }] }, found?.folder, key);
}

function imageOn(
  options: PlanBuildOptions,
  base: PlanTree,
  folder: string | undefined,
  sourceKey: string | undefined,
  mounts?: readonly MountFacts[],
): Planned {
  const { config, defaults } = options;
  const adapters = config.distro === undefined ? defaults.distros : [config.distro];
  const { facts: found, distro, observations } = factsOf(options, folder, adapters);
  const facts = mounts === undefined ? found : { ...found, mounts };
  const { plan, news } = planImage({
    config,
    facts,
    base,
    observations: [
      ...observations,
      ...(mounts === undefined || options.facts !== undefined ? [] : [observeMounts(mounts)]),
    ],
    ...(options.cache === undefined ? {} : { cache: options.cache }),
    repositories: options.repositories,
    builder: options.builder,
    outputFolder: options.outputFolder,
    ...(sourceKey === undefined ? {} : { sourceKey }),
    parts: {
      distro,
      initramfs: config.initramfs ?? defaults.initramfs,
      bootloader: config.bootloader ?? defaults.bootloader,
      runtime: defaults.runtime,
    },
  });
  return { plan, facts, news };
}

function factsOf(
  options: PlanBuildOptions,
  folder: string | undefined,
  adapters: readonly DistroAdapter[],
): { facts: Facts; distro: DistroAdapter; observations: readonly Observation[] } {
  if (options.facts !== undefined) {
    return {
      facts: options.facts,
      distro: requireDistro(options.facts.osRelease, adapters),
      observations: [],
    };
  }
  const recording = recordProbe(options.probe(folder as string));
  const { facts, distro } = collectFacts(recording.probe, options.config.source.label, adapters);
  return { facts, distro, observations: recording.observations() };
}
