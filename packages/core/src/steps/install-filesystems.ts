import type { LayerFormat } from '../config/resolved.ts';
import type { Need } from '../contract/need.ts';
import type { PlanBuilder } from '../contract/plan-builder.ts';
import type { InitramfsContext } from '../contract/roles.ts';
import type { Tree } from '../contract/values.ts';
import type { KernelFacts } from '../contract/facts.ts';
import { allPlugins, builder, type Planning } from './context.ts';
import { assertKernelFits } from './kernel-modules.ts';
import { neededPackages } from './needs.ts';
import { noKernel } from './no-kernel.ts';

const COMPRESSORS: Readonly<Record<LayerFormat, Need>> = {
  squashfs: { name: 'mksquashfs', reason: 'it compresses the layers' },
  erofs: { name: 'mkfs.erofs', reason: 'it compresses the layers' },
};
/** A squashfs holds no access lists, an erofs does. */
const ACCESS_LISTS: Need = { name: 'getfattr', reason: 'it finds access lists of files' };
const OWN_NEEDS: readonly Need[] = [
  { name: 'veritysetup', reason: 'it makes the hash trees by which blocks of layers are checked' },
  { name: 'tar', reason: 'it reads the layers that were installed' },
];

/** What step 0 settles for the later ones. */
export interface Filesystems {
  /** The base, with the packages that the runtime needs above it where they are missing. */
  readonly base: Tree;
  /** The name of the layer with those packages, if there is one. */
  readonly added: readonly string[];
  readonly kernel: KernelFacts;
  /** Whose programs the tools tree has. */
  readonly programs: InitramfsContext['programs'];
}

/**
 * Step 0: proves that the kernel can stack layers, brings the packages that the live system needs
 * into the image and everything that later steps run into a tree of its own.
 */
export function installFilesystems(planning: Planning): Filesystems {
  const { config, facts, hooks, parts, recorder } = planning;
  const kernel = facts.distro.kernels[0];
  if (kernel === undefined) throw noKernel(planning);
  assertKernelFits(kernel, config.hardware, config.format);
  const plan = builder(planning, 'installFilesystems', parts.distro.name);
  const tools = toolsTree(planning, plan);
  recorder.useTools(tools.tree);
  const base = imagePackages(planning);
  hooks.installFilesystems.call({ plan, facts });
  const added = base.tree === planning.base.tree ? [] : ['packages'];
  return { base, added, kernel, programs: tools.programs };
}

/** Where later steps run: a tree of the distribution's own making, or a layer on the source. */
function toolsTree(
  planning: Planning,
  plan: PlanBuilder,
): { readonly tree: Tree } & Pick<Filesystems, 'programs'> {
  const { config, facts, parts, base, repositories } = planning;
  const id = 'tree:tools';
  const request = {
    packages: neededPackages(planning, allPlugins(config, parts), [
      COMPRESSORS[config.format],
      ...(config.format === 'squashfs' ? [ACCESS_LISTS] : []),
      ...OWN_NEEDS,
    ]),
    facts,
    builder: planning.builder,
  };
  const own = parts.distro.planTools?.({ ...request, plan, id, base, repositories });
  if (own !== undefined) return { tree: own, programs: 'other' };
  const tree = plan.layer(
    {
      id,
      title: 'tools',
      on: base,
      paths: parts.distro.packagePaths,
      network: true,
      downloads: parts.distro.downloads(facts),
    },
    (ops) => parts.distro.installPackages(ops, { ...request, purpose: 'tools' }),
  );
  return { tree, programs: 'image' };
}

/** A layer with the packages that the runtime, the config and plugins want and the base lacks. */
function imagePackages(planning: Planning): Tree {
  const { config, facts, hooks, parts } = planning;
  const wanted = hooks.packages.call({
    packages: [...(parts.distro.imagePackages ?? []), ...config.packages],
    facts,
  }).packages;
  const missing = wanted.filter((name) => facts.distro.packages[name] === undefined);
  if (missing.length === 0) return planning.base;
  return builder(planning, 'installFilesystems', parts.distro.name).layer(
    {
      id: 'tree:packages',
      title: 'packages',
      on: planning.base,
      network: true,
      downloads: parts.distro.downloads(facts),
    },
    (ops) =>
      parts.distro.installPackages(ops, {
        packages: missing,
        facts,
        builder: planning.builder,
        purpose: 'image',
      }),
  );
}
