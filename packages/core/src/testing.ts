import type { ResolvedConfig } from './config/resolved.ts';
import type { Architecture, Facts } from './contract/facts.ts';
import type { LayerRequest } from './contract/hooks.ts';
import type { Probe } from './contract/probe.ts';
import type { DistroAdapter, LiveUser, OutputFormat, Plugin, Source } from './contract/roles.ts';
import { PLAN_FORMAT, type Plan } from './plan/model.ts';
import { PlanRecorder } from './plan/recorder.ts';
import type { Parts } from './steps/context.ts';
import { planImage } from './steps/plan-image.ts';

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
  readonly outputs: readonly OutputFormat[];
  readonly plugins: readonly Plugin[];
  readonly user: LiveUser | undefined;
  readonly layers: readonly LayerRequest[];
  readonly profiles: ResolvedConfig['profiles'];
}

/** Plans wave image as `livesys plan` does; the source tree counts as made. */
export function recordImage(draft: ImageDraft): Plan {
  const { source, facts, distro, initramfs, bootloader, runtime } = draft;
  return planImage({
    config: configOf(draft),
    parts: { distro, initramfs, bootloader, runtime },
    facts,
    base: { layers: [{ kind: 'cached', key: source.name }] },
    sourceKey: source.name,
    observations: [],
    repositories: '',
  });
}

function configOf(draft: ImageDraft): ResolvedConfig {
  const { source, distro, initramfs, bootloader, outputs, plugins, user, layers, profiles } = draft;
  return {
    ...{ source, distro, initramfs, bootloader, outputs, plugins, user, layers, profiles },
    file: undefined,
    folder: FOLDER,
    compression: { algorithm: 'zstd', level: 3, block: 131_072 },
    ...{ name: undefined, version: undefined, title: undefined, hostname: 'livesys' },
    ...{ packages: [], kernelArguments: [], excludes: [], packageNames: {} },
    hardware: 'virtual',
  };
}

/** What wave source is planned from. */
export interface SourceDraft {
  readonly source: Source;
  readonly distro?: DistroAdapter;
  readonly builder: Probe;
  readonly architecture: Architecture;
}

/** Plans wave source. Relative paths count from a folder that does not exist. */
export function recordSource({ source, distro, builder, architecture }: SourceDraft): Plan {
  const recorder = new PlanRecorder();
  source.plan({
    plan: recorder.builderFor({ plugin: source.name, step: 'source' }),
    ...(distro === undefined ? {} : { distro }),
    builder,
    architecture,
    resolvePath: (path) => (path.startsWith('/') ? path : `${FOLDER}/${path}`),
  });
  return {
    format: PLAN_FORMAT,
    wave: 'source',
    complete: false,
    architecture,
    source: source.label,
    sourceDateEpoch: 0,
    repositories: '',
    trees: Object.fromEntries(recorder.trees),
    tasks: recorder.tasks,
    blobs: Object.fromEntries(recorder.blobs),
    observations: [],
  };
}
