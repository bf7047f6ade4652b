import type { ResolvedConfig } from '../config/resolved.ts';
import type { Facts } from '../contract/facts.ts';
import type { Hooks } from '../contract/hooks.ts';
import type { Bootloader, DistroAdapter, InitramfsBuilder, Plugin } from '../contract/roles.ts';
import type { Probe } from '../contract/probe.ts';
import type { Runtime } from '../contract/runtime.ts';
import type { Tree } from '../contract/values.ts';
import type { PlanRecorder, CorePlanBuilder } from '../plan/recorder.ts';
import type { Step } from '../plan/model.ts';

/** The parts of a build, each chosen by the config or by the source. */
export interface Parts {
  readonly distro: DistroAdapter;
  readonly initramfs: InitramfsBuilder;
  readonly bootloader: Bootloader;
  readonly runtime: Runtime;
}

/** What every step of wave image works with. */
export interface Planning {
  readonly config: ResolvedConfig;
  readonly parts: Parts;
  readonly facts: Facts;
  readonly hooks: Hooks;
  readonly recorder: PlanRecorder;
  /** The source tree, without what is left out. */
  readonly base: Tree;
  /** What stays out of layers above it, as lines of .gitignore that tar understands, too. */
  readonly leaveOut: readonly string[];
  /** The builder's own root. */
  readonly builder: Probe;
  /** State of the repositories. */
  readonly repositories: string;
  /** Folder for the outputs instead of the one in the config. */
  readonly outputFolder: string | undefined;
}

/** The name that core's own tasks are attributed to. */
const CORE = '@livesys/core';

/** A plan builder for one author in one step. */
export function builder(planning: Planning, step: Step, plugin: string = CORE): CorePlanBuilder {
  return planning.recorder.builderFor({ plugin, step });
}

/** Every plugin of a build, roles included. */
export function allPlugins(config: ResolvedConfig, parts: Parts): readonly Plugin[] {
  return [
    config.source,
    parts.distro,
    parts.initramfs,
    parts.bootloader,
    ...config.outputs,
    ...config.plugins,
  ];
}
