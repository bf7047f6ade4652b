import { posix } from 'node:path';
import type { ResolvedConfig } from '../config/resolved.ts';
import type { Facts } from '../contract/facts.ts';
import type { Hooks } from '../contract/hooks.ts';
import type { DistroAdapter } from '../contract/roles.ts';
import type { SecretRule } from '../contract/secret-rule.ts';
import { PASSWORD_FILES } from '../identity/password-files.ts';
import { PEOPLES_OWN } from '../identity/peoples-own.ts';
import { SECRETS } from '../identity/secrets.ts';
import type { BaseLayer } from '../plan/base-layer.ts';
import { NOTHING } from '../plan/keys.ts';
import { SNAPSHOTS, type LeaveOut, type PlanTask, type PlanTree } from '../plan/model.ts';
import { Matcher } from '../rules/matcher.ts';
import type { Probe } from '../contract/probe.ts';
import { literalPattern } from '../rules/pattern.ts';
import { pathsTo } from './paths-to.ts';

/** What stays out of an image. */
export interface ImageLeavesOut {
  readonly base: LeaveOut;
  /** Of layers, which hold what was installed and laid there, and nothing of the base's people. */
  readonly layers: readonly string[];
}

/** What the distribution, the config, plugins and the choice of identity leave out, in this order. */
export function imageLeavesOut(
  config: ResolvedConfig,
  distro: DistroAdapter,
  { facts, hooks }: { readonly facts: Facts; readonly hooks: Hooks },
): ImageLeavesOut {
  const { excludes } = hooks.imageExcludes.call({
    excludes: [...distro.excludes(facts), ...config.excludes],
    facts,
  });
  const { include } = config;
  const rules = secretRules(distro);
  const secrets = rules.flatMap(({ paths }) => paths);
  const ofLayers = rules.filter((rule) => rule.baseOnly !== true).flatMap(({ paths }) => paths);
  const layers = [...excludes, ...ofLayers, ...LOGS].filter(isPlain);
  if (config.identity === 'keep') return { base: { excludes, include, secrets: [] }, layers };
  const homes = (facts.homes ?? []).map((path) => `${literalPattern(path)}/*`);
  const base = {
    excludes: [...PEOPLES_OWN, ...homes, ...excludes],
    ...{ include, secrets, passwords: PASSWORD_FILES },
  };
  return { base, layers };
}

/** All that is known to be secret on systems of these distributions. */
export function secretRules(...distros: readonly DistroAdapter[]): readonly SecretRule[] {
  return [...SECRETS, ...distros.flatMap(({ secrets = [] }) => secrets)];
}

/** Logs of installing, by names: for layers only what tar understands can be left out. */
const LOGS = ['*.log', '*/*.log', 'apt/*', 'btmp', 'faillog', 'lastlog', 'wtmp'].map(
  (name) => `/var/log/${name}`,
);

const isPlain = (line: string): boolean => line.startsWith('/') && !line.includes('**');

/** The source tree as a base: without what stays out of the image. */
export function baseTree(
  tree: PlanTree,
  leaveOut: LeaveOut,
  volatile: readonly string[],
): PlanTree {
  return mapBase(tree, (layer) => {
    const { excludes } = layer.leaveOut ?? NOTHING;
    const all = withMountPoints({ ...leaveOut, excludes: [...excludes, ...leaveOut.excludes] });
    // A result of livesys never changes, so that nothing in it can be volatile.
    return layer.kind === 'cached'
      ? { ...layer, leaveOut: all }
      : { ...layer, leaveOut: all, volatile };
  });
}

/** In every root things are mounted here, while it is built and when it runs. */
const MOUNT_POINTS = ['/dev', '/proc', '/run', '/sys', '/tmp', '/var/tmp'];

/** Whoever leaves out such a folder means what is in it. */
function withMountPoints(leaveOut: LeaveOut): LeaveOut {
  const matcher = new Matcher(leaveOut);
  const lost = MOUNT_POINTS.filter((path) => matcher.judge(path, true) === 'out');
  const kept = lost.flatMap((path) => [`!${path}/`, `${path}/*`]);
  return { ...leaveOut, excludes: [...leaveOut.excludes, ...kept] };
}

/** What a build itself writes lies in the running system, and would be new in it each time. */
export function withoutResults(
  tree: PlanTree,
  tasks: readonly PlanTask[],
  { cache, builder }: { readonly cache?: string | undefined; readonly builder: Probe },
): PlanTree {
  const outputs = tasks.flatMap(({ result }) => (result.kind === 'output' ? [result.path] : []));
  return mapBase(tree, (layer) => {
    if (layer.kind !== 'mounts') return layer;
    const paths = (path: string): readonly string[] => pathsTo(path, layer.mounts, builder);
    const caches = cache === undefined ? [] : paths(cache);
    const excludes = [
      ...caches.map((path) => `${literalPattern(path)}/*`),
      ...outputs.flatMap(paths).flatMap(outputLines),
    ];
    const leaveOut = layer.leaveOut ?? NOTHING;
    // No choice of the user brings these back.
    const secrets = [...leaveOut.secrets, ...excludes, `${SNAPSHOTS}*/`];
    // Whether the folder is there yet changes nothing.
    const volatile = [...(layer.volatile ?? []), ...caches.map(literalPattern)];
    return { ...layer, leaveOut: { ...leaveOut, secrets }, volatile };
  });
}

/** An output, and where it is made; with a folder `dist`, as the default has it, that is made for it. */
function outputLines(path: string): readonly string[] {
  const folder = posix.dirname(path);
  if (posix.basename(folder) === 'dist') return [`${literalPattern(folder)}/`];
  return [literalPattern(path), `${literalPattern(folder === '/' ? '' : folder)}/.livesys-*`];
}

function mapBase(tree: PlanTree, change: (layer: BaseLayer) => BaseLayer): PlanTree {
  const layers = tree.layers.map((layer) => (layer.kind === 'task' ? layer : change(layer)));
  return { ...tree, layers };
}
