import type { Plan, PlanTree, Observation } from '../plan/model.ts';
import { PLAN_FORMAT } from '../plan/model.ts';
import type { ResolvedConfig } from '../config/resolved.ts';
import type { Facts } from '../contract/facts.ts';
import type { Probe } from '../contract/probe.ts';
import { attribute } from '../plugins/attribute.ts';
import type { News } from '../plugins/news.ts';
import { makeHooks } from '../plugins/hooks.ts';
import { PlanRecorder } from '../plan/recorder.ts';
import { assertPartsFit } from './parts.ts';
import { allPlugins, type Parts, type Planning } from './context.ts';
import { buildInitramfs } from './build-initramfs.ts';
import { installBootloader } from './install-bootloader.ts';
import { installFilesystems } from './install-filesystems.ts';
import { baseTree, imageLeavesOut, withoutResults } from './leave-out.ts';
import { prepareImage } from './prepare-image.ts';
import { sourceLabel } from './source-label.ts';

/** What wave image is planned from. */
export interface ImageInputs {
  readonly config: ResolvedConfig;
  readonly parts: Parts;
  readonly facts: Facts;
  readonly base: PlanTree;
  readonly sourceKey?: string;
  readonly observations: readonly Observation[];
  readonly repositories: string;
  readonly builder: Probe;
  readonly outputFolder?: string | undefined;
  /** Where results will be kept, if that is known. */
  readonly cache?: string | undefined;
}

/**
 * Plans wave image: the four steps, in order. Touches no file, process or network. The news are for
 * telling the same plugins what became of it.
 */
export function planImage(inputs: ImageInputs): { readonly plan: Plan; readonly news: News } {
  const { config, facts, parts } = inputs;
  assertPartsFit(config, parts, facts);
  const recorder = new PlanRecorder();
  const hooks = makeHooks();
  for (const plugin of allPlugins(config, parts))
    attribute(plugin.name, 'apply', () => plugin.apply?.(hooks));
  const leaveOut = imageLeavesOut(config, parts.distro, { facts, hooks });
  const planning: Planning = {
    config,
    parts,
    facts,
    hooks,
    recorder,
    builder: inputs.builder,
    repositories: inputs.repositories,
    outputFolder: inputs.outputFolder,
    leaveOut: leaveOut.layers,
    base: recorder.addTree(
      'source:base',
      baseTree(inputs.base, leaveOut.base, parts.distro.volatile(facts)),
    ),
  };
  const filesystems = installFilesystems(planning);
  const prepared = prepareImage(planning, filesystems);
  const kernel = buildInitramfs(planning, filesystems);
  installBootloader(planning, prepared, kernel);
  const { incompleteKernels: passedOver = [] } = facts.distro;
  const plan: Plan = {
    format: PLAN_FORMAT,
    wave: 'image',
    complete: true,
    architecture: facts.architecture,
    source: sourceLabel(config.source, config.distro),
    ...(passedOver.length === 0 ? {} : { passedOver }),
    sourceDateEpoch: facts.sourceDateEpoch,
    repositories: inputs.repositories,
    ...(inputs.sourceKey === undefined ? {} : { sourceKey: inputs.sourceKey }),
    trees: Object.fromEntries(
      [...recorder.trees].map(([id, tree]) => [id, withoutResults(tree, recorder.tasks, inputs)]),
    ),
    tasks: recorder.tasks,
    blobs: Object.fromEntries(recorder.blobs),
    observations: inputs.observations,
  };
  return { plan, news: hooks };
}
