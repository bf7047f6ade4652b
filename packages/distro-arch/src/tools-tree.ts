import type { ToolsRequest, Tree } from '@livesys/core/plugin';
import { pacmanScript, writeScript } from './build-environment.ts';
import { downloads } from './downloads.ts';
import { PACKAGE_PATHS } from './excludes.ts';
import type { ArchOptions } from './options.ts';
import { missing, TOOLS } from './packages.ts';

/**
 * Plans a root of its own for the tools where the source may be older than its repositories: tools of
 * today do not fit libraries of then, and upgrading those in a layer would mean a whole desktop. The
 * source's own pacman installs it, with its mirrors and keys, and its kernel modules and firmware are
 * copied in. Undefined where a layer on the source does.
 */
export function planTools(options: ArchOptions, request: ToolsRequest): Tree | undefined {
  const { plan, id, base, facts, packages } = request;
  if (!wantsOwnRoot(options, request)) return undefined;
  const wanted = [...new Set(['base', ...packages, ...TOOLS])];
  return plan.root(
    {
      id,
      title: 'tools in a root of their own',
      in: base,
      paths: PACKAGE_PATHS,
      network: true,
      downloads: downloads(facts),
    },
    (ops) => {
      writeScript(ops);
      pacmanScript(ops, 'install', options.signatures, ops.output('root'), ...wanted);
    },
  );
}

/**
 * What was changed last before the repositories were looked at is older than they are, which matters
 * only if something is to be installed.
 */
function wantsOwnRoot(
  { tools }: ArchOptions,
  { facts, packages, repositories }: ToolsRequest,
): boolean {
  if (tools !== 'auto') return tools === 'own-root';
  if (missing([...packages, ...TOOLS], facts).length === 0) return false;
  const looked = Date.parse(repositories) / 1000;
  return !(facts.distro.packagesChanged >= looked);
}
