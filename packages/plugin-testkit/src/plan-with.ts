import type {
  BootAssets,
  BootEntry,
  Bootloader,
  DistroAdapter,
  Facts,
  InitramfsBuilder,
  LayerRequest,
  LiveUser,
  OutputFormat,
  Plugin,
  Probe,
  Runtime,
} from '@livesys/core/plugin';
import { deepFreeze, recordImage, type Plan } from '@livesys/core/testing';
import { sampleFacts } from './samples/facts.ts';
import { memoryProbe } from './samples/memory-probe.ts';
import {
  LIVE_USERS,
  sampleBootloader,
  sampleDistro,
  sampleInitramfs,
  sampleOutput,
  sampleSource,
} from './samples/parts.ts';
import { sampleRuntime } from './samples/runtime.ts';

/** The parts of an image. Samples stand in for what is left out. */
export interface PlanParts {
  /** Default: {@link sampleFacts}. */
  readonly facts?: Facts;
  readonly distro?: DistroAdapter;
  readonly initramfs?: InitramfsBuilder;
  readonly bootloader?: Bootloader;
  readonly outputs?: readonly OutputFormat[];
  readonly plugins?: readonly Plugin[];
  readonly runtime?: Runtime;
  /** The builder's root. Default: an empty one. */
  readonly builder?: Probe;
  /** Default: a live user without a password. */
  readonly user?: LiveUser | undefined;
}

/** A plan with what the boot loader was given and gave. */
export interface ImagePlan {
  readonly plan: Plan;
  readonly assets: BootAssets;
  readonly entries: readonly BootEntry[];
}

const LAYERS: readonly LayerRequest[] = [
  { name: 'desktop', packages: ['editor'] },
  { name: 'site', contents: [{ path: '/etc/motd', content: 'a sample\n' }] },
];
const PROFILES = [
  { name: 'rescue', title: "It's $rescue; {x}", layers: [], persistence: 'off', default: false },
  {
    name: 'office',
    title: 'Büro "2" \\',
    layers: ['desktop', 'site'],
    persistence: 'on',
    default: true,
  },
] as const;

/**
 * Plans an image of two layers and two profiles, as `livesys plan` would, from facts alone. For tests
 * of what a plugin means its plans to hold.
 *
 * @example
 * const { plan } = planWith({ bootloader: limine() });
 * expect(plan.tasks.map((task) => task.id)).toContain('bootloader:limine');
 */
export function planWith(parts: PlanParts = {}): ImagePlan {
  const facts = deepFreeze(structuredClone(parts.facts ?? sampleFacts()));
  const seen: { assets?: BootAssets; entries?: readonly BootEntry[] } = {};
  const plan = recordImage({
    source: sampleSource,
    facts,
    builder: parts.builder ?? memoryProbe({ files: {} }),
    distro: parts.distro ?? sampleDistro(facts),
    initramfs: parts.initramfs ?? sampleInitramfs,
    bootloader: parts.bootloader ?? sampleBootloader,
    runtime: parts.runtime ?? sampleRuntime,
    outputs: parts.outputs ?? [sampleOutput],
    plugins: [...(parts.plugins ?? []), watcher(seen)],
    user: 'user' in parts ? parts.user : LIVE_USERS['a live user'],
    layers: LAYERS,
    profiles: PROFILES.map((profile) => ({ ...profile, kernelArguments: ['mitigations=auto'] })),
  });
  const { assets = { firmware: [] }, entries = [] } = seen;
  return { plan, assets, entries };
}

/** Taps last, so that it sees what every plugin made of it. */
function watcher(seen: { assets?: BootAssets; entries?: readonly BootEntry[] }): Plugin {
  return {
    name: 'sample-watcher',
    version: '1.0.0',
    apiVersion: '^1.0.0',
    apply(hooks) {
      hooks.bootAssets.tap({ name: 'sample-watcher', stage: Infinity }, (assets) => {
        seen.assets = assets;
        return assets;
      });
      hooks.bootEntries.tap({ name: 'sample-watcher', stage: Infinity }, (payload) => {
        seen.entries = payload.entries;
        return payload;
      });
    },
  };
}
