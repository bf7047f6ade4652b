import type { ResolvedConfig } from './config/resolved.ts';
import type { Facts } from './contract/facts.ts';
import type { LayerRequest } from './contract/hooks.ts';
import type { Probe } from './contract/probe.ts';
import type { LiveUser, OutputFormat, Plugin, Source } from './contract/roles.ts';
import type { Plan } from './plan/model.ts';
import type { Parts } from './steps/context.ts';
import { planImage } from './steps/plan-image.ts';
import { planSource, type SourceInputs } from './steps/plan-source.ts';

/**
 * For tests of plugins: planning without a config file, and the rules that core holds every plan
 * to. `@livesys/plugin-testkit` is written on it; authors use that.
 */
export { checkInstance } from './config/check-instance.ts';
export { collectFacts } from './facts/collect.ts';
export { canonicalJson } from './plan/canonical.ts';
export { type Operation, type Plan, type PlanTask, type PlanText, WORK } from './plan/model.ts';
export { operationRefs, operationTexts } from './plan/operations.ts';
export { assertSafe } from './plan/safety.ts';
export { showText } from './plan/text.ts';
export { deepFreeze, makeHooks } from './plugins/hooks.ts';

/** Where the config of every recorded plan lies. Nothing is read there. */
const FOLDER = '/srv/project';

/** What an image is planned from. */
export interface ImageDraft extends Parts {
  readonly source: Source;
  readonly facts: Facts;
  /** The builder's root. */
  readonly builder: Probe;
  readonly outputs: readonly OutputFormat[];
  readonly plugins: readonly Plugin[];
  readonly user: LiveUser | undefined;
  readonly layers: readonly LayerRequest[];
  readonly profiles: ResolvedConfig['profiles'];
}

/** Plans wave image as `livesys plan` does; the source tree counts as made. */
export function recordImage(draft: ImageDraft): Plan {
  const { source, facts, builder, distro, initramfs, bootloader, runtime } = draft;
  return planImage({
    config: configOf(draft),
    parts: { distro, initramfs, bootloader, runtime },
    facts,
    builder,
    base: { layers: [{ kind: 'cached', key: source.name }] },
    sourceKey: source.name,
    observations: [],
    repositories: '',
  }).plan;
}

function configOf(draft: ImageDraft): ResolvedConfig {
  const { source, distro, initramfs, bootloader, outputs, plugins, user, layers, profiles } = draft;
  return {
    ...{ source, distro, initramfs, bootloader, outputs, plugins, user, layers, profiles },
    file: undefined,
    folder: FOLDER,
    format: 'squashfs',
    compression: { algorithm: 'zstd', level: 3, block: 131_072 },
    ...{ name: undefined, version: undefined, title: undefined, hostname: 'livesys' },
    ...{ packages: [], kernelArguments: [], excludes: [], include: [], packageNames: {} },
    hardware: 'virtual',
    identity: 'reset',
  };
}

/** What wave source is planned from. */
export type SourceDraft = Pick<SourceInputs, 'source' | 'distro' | 'builder' | 'architecture'>;

/** Plans wave source. Relative paths count from a folder that does not exist. */
export function recordSource(draft: SourceDraft): Plan {
  return planSource({ ...draft, folder: FOLDER, repositories: '' });
}
