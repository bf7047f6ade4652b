import { hashesIn, SecretFinder, type Finding } from '@livesys/core';
import { LivesysError, type SecretRule } from '@livesys/core/plugin';

import type { ManifestLayer } from '../medium/manifest.ts';
import { type Medium, notMedium } from '../medium/medium.ts';
import { programFailed, type RunProgram } from '../programs/run-program.ts';

/** The names of a million files. */
const LIST_LIMIT = 256 * 1024 * 1024;
const PURPOSE = 'reads the layers of a medium';

/** Lists what is secret in the layers of a medium, also where another layer hides it. */
export async function auditMedium(
  medium: Medium,
  rules: readonly SecretRule[],
  run: RunProgram,
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const layer of medium.manifest.layers) {
    const found = await auditLayer(await openLayer(medium, layer), rules, run);
    findings.push(...found.map(({ path, kind }) => ({ path: `${layer.name}:${path}`, kind })));
  }
  return findings;
}

/** A layer as it lies in the medium. */
interface OpenLayer {
  readonly path: string;
  readonly offset: number;
}

async function openLayer(medium: Medium, layer: ManifestLayer): Promise<OpenLayer> {
  const entry = await medium.find(layer.file);
  if (entry === undefined) throw notMedium(medium.path, `${layer.file} is missing`);
  if (layer.format !== 'squashfs') {
    throw new LivesysError(
      'LIVESYS_USAGE',
      `The layer ${layer.name} is ${layer.format}; only squashfs can be looked into yet.`,
    );
  }
  const offset = medium.offsetOf(entry);
  if (offset === undefined) throw notMedium(medium.path, `${layer.file} lies in several pieces`);
  return { path: medium.path, offset };
}

async function auditLayer(
  layer: OpenLayer,
  rules: readonly SecretRule[],
  run: RunProgram,
): Promise<readonly Finding[]> {
  const options = { purpose: PURPOSE, limit: LIST_LIMIT };
  const at = ['-offset', String(layer.offset)];
  const listed = await run(['unsquashfs', ...at, '-dest', '', '-lln', layer.path], options);
  if (listed.code !== 0) throw programFailed(listed);
  const finder = new SecretFinder(rules);
  const entries = listed.stdout.toString('latin1').split('\n').flatMap(readLine);
  for (const { path, isFolder } of entries) finder.add(path, isFolder);
  const read = async (path: string): Promise<string | undefined> => {
    if (!entries.some((entry) => entry.path === path)) return undefined;
    const file = await run(['unsquashfs', ...at, '-cat', layer.path, path.slice(1)], options);
    return file.code === 0 ? file.stdout.toString('latin1') : undefined;
  };
  return [...(await hashesIn(read)), ...finder.findings()];
}

/** One line as `ls -l` has it: mode, owner, size or device, date, time and path. */
function readLine(line: string): readonly { readonly path: string; readonly isFolder: boolean }[] {
  const [, type, path] =
    /^([a-z-])\S+ \d+\/\d+ +\d+(?:, *\d+)? [\d-]{10} [\d:]{5} (\/.*)$/.exec(line) ?? [];
  if (type === undefined || path === undefined) return [];
  return [{ path: type === 'l' ? path.replace(/ -> .*$/, '') : path, isFolder: type === 'd' }];
}
