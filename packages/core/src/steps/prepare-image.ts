import { posix } from 'node:path';
import type { LayerRequest, ProfileRequest } from '../contract/hooks.ts';
import type { Ops } from '../contract/plan-builder.ts';
import type { Tree } from '../contract/values.ts';
import { LivesysError } from '../errors/livesys-error.ts';
import {
  compressBase,
  compressLayer,
  type CompressedLayer,
  type LaidByUser,
  type LayerPacking,
} from './compress.ts';
import { builder, type Planning } from './context.ts';
import { fixups } from './fixups.ts';
import type { Filesystems } from './install-filesystems.ts';

/** What step 1 makes: the layers, lowest first, and which of them each profile shows. */
export interface PreparedImage {
  readonly layers: readonly CompressedLayer[];
  readonly profiles: readonly (ProfileRequest & { readonly stack: readonly string[] })[];
}

/** Step 1: stacks layers over the untouched source and compresses them. */
export function prepareImage(planning: Planning, filesystems: Filesystems): PreparedImage {
  const { config, facts, hooks } = planning;
  const requests = hooks.layers.call({ layers: config.layers, facts }).layers;
  const profiles = hooks.profiles.call({ profiles: config.profiles, facts }).profiles;
  const excludes = planning.leaveOut;
  assertNames(requests);
  const trees = layerTrees(planning, requests, filesystems.base);
  const layers = [compressBase(planning, planning.base)];
  if (filesystems.added.length > 0)
    layers.push(compressLayer(planning, 'packages', filesystems.base, { excludes }));
  for (const request of requests) {
    // What the user lays into the image is meant, whatever it is.
    const packing: LayerPacking = isFilesOnly(request)
      ? { times: 'fixed' }
      : { excludes, laid: laidBy(planning, request) };
    layers.push(compressLayer(planning, request.name, treeOf(trees, request.name), packing));
  }
  const tops = new Map<string, CompressedLayer>();
  const stacked = profiles.map((profile) => {
    const key = profile.layers.join(',');
    const top =
      tops.get(key) ?? addFixups(planning, profile, requests, trees, filesystems.base, tops.size);
    tops.set(key, top);
    return { ...profile, stack: ['base', ...filesystems.added, ...profile.layers, top.name] };
  });
  hooks.prepareImage.call({
    plan: builder(planning, 'prepareImage'),
    facts,
    base: filesystems.base,
  });
  return { layers: [...layers, ...tops.values()], profiles: stacked };
}

/** Names from the config are checked when it is loaded; those from plugins here. */
function assertNames(requests: readonly LayerRequest[]): void {
  for (const { name } of requests) {
    if (/^[\w][\w.-]{0,63}$/.test(name) && !/^(base|packages|tools|fixups.*)$/.test(name)) continue;
    throw new LivesysError(
      'LIVESYS_PLUGIN_DEFECT',
      `A plugin names a layer "${name}", which is reserved or no plain name.`,
    );
  }
}

/** Whether a layer only lays files over the root and so does not depend on what is below. */
function isFilesOnly(request: LayerRequest): boolean {
  return (request.packages ?? []).length === 0 && (request.commands ?? []).length === 0;
}

function layerTrees(
  planning: Planning,
  requests: readonly LayerRequest[],
  base: Tree,
): ReadonlyMap<string, Tree> {
  const trees = new Map<string, Tree>();
  for (const request of requests) {
    if (isFilesOnly(request)) trees.set(request.name, filesTree(planning, request));
    else
      trees.set(
        request.name,
        branchTree(
          planning,
          request,
          request.on === undefined || request.on === 'base' ? base : treeOf(trees, request.on),
        ),
      );
  }
  return trees;
}

function filesTree(planning: Planning, request: LayerRequest): Tree {
  return builder(planning, 'prepareImage').root(
    { id: `tree:${request.name}`, title: `files of ${request.name}` },
    (ops) => {
      const root = ops.output('root');
      layFiles(planning, ops, request, root as string);
      ops.makeDirectory(root, { mode: 0o755 });
    },
  );
}

function branchTree(planning: Planning, request: LayerRequest, on: Tree): Tree {
  const { distro } = planning.parts;
  const packages = request.packages ?? [];
  return builder(planning, 'prepareImage', distro.name).layer(
    {
      id: `tree:${request.name}`,
      title: `install ${request.name}`,
      on,
      ...(packages.length > 0
        ? { network: true, downloads: distro.downloads(planning.facts) }
        : {}),
    },
    (ops) => {
      if (packages.length > 0)
        distro.installPackages(ops, {
          packages,
          facts: planning.facts,
          builder: planning.builder,
          purpose: 'image',
        });
      layFiles(planning, ops, request, '/');
      for (const argv of request.commands ?? []) ops.exec(argv);
    },
  );
}

/** Copies the user's folder and writes the given files, all owned by root. */
function layFiles(planning: Planning, ops: Ops, request: LayerRequest, root: string): void {
  if (request.files !== undefined) {
    const path = posix.resolve(planning.config.folder, request.files);
    ops.copy(ops.input({ builderPath: path }), root, { owner: 'root' });
  }
  for (const file of request.contents ?? []) {
    ops.write(
      posix.join(root, file.path),
      file.content,
      file.mode === undefined ? {} : { mode: file.mode },
    );
  }
}

/** What {@link layFiles} lays, by names. */
function laidBy(planning: Planning, { files, contents = [] }: LayerRequest): LaidByUser {
  return {
    folder: files === undefined ? undefined : posix.resolve(planning.config.folder, files),
    paths: contents.map(({ path }) => path),
  };
}

function treeOf(trees: ReadonlyMap<string, Tree>, name: string): Tree {
  const tree = trees.get(name);
  if (tree !== undefined) return tree;
  throw new LivesysError('LIVESYS_CONFIG_INVALID', `There is no layer "${name}".`);
}

function addFixups(
  planning: Planning,
  profile: ProfileRequest,
  requests: readonly LayerRequest[],
  trees: ReadonlyMap<string, Tree>,
  base: Tree,
  number: number,
): CompressedLayer {
  const plan = builder(planning, 'prepareImage');
  let stack = base;
  for (const name of profile.layers) {
    const request = requests.find((one) => one.name === name);
    const tree = treeOf(trees, name);
    stack = request !== undefined && isFilesOnly(request) ? plan.stack(stack, tree) : tree;
  }
  const name = number === 0 ? 'fixups' : `fixups-${profile.name}`;
  const whole = fixups(planning, name, stack);
  return compressLayer(planning, name, whole, { completes: whole });
}
