import { auditTree, hashesIn, isPasswordFile, SecretFinder, type Finding } from '@livesys/core';
import type { SecretRule } from '@livesys/core/plugin';

import type { ManifestLayer } from '../medium/manifest.ts';
import type { Medium } from '../medium/medium.ts';
import { offsetOfLayer, withLayerSeen } from '../medium/seeing-layer.ts';
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
    const found =
      layer.format === 'squashfs'
        ? await auditSquashfs(medium, layer, rules, run)
        : // No program of erofs-utils 1.5 lists all of a layer.
          await withLayerSeen(medium, layer, ({ root, prefix }) =>
            auditTree({ path: root, prefix }, rules),
          );
    findings.push(...found.map(({ path, kind }) => ({ path: `${layer.name}:${path}`, kind })));
  }
  return findings;
}

async function auditSquashfs(
  medium: Medium,
  layer: ManifestLayer,
  rules: readonly SecretRule[],
  run: RunProgram,
): Promise<readonly Finding[]> {
  const options = { purpose: PURPOSE, limit: LIST_LIMIT };
  const at = ['-offset', String(await offsetOfLayer(medium, layer))];
  const listed = await run(['unsquashfs', ...at, '-dest', '', '-lln', medium.path], options);
  if (listed.code !== 0) throw programFailed(listed);
  const finder = new SecretFinder(rules);
  const entries = listed.stdout.toString('latin1').split('\n').flatMap(readLine);
  for (const { path, isFolder } of entries) finder.add(path, isFolder);
  const files = entries.map(({ path }) => path).filter(isPasswordFile);
  const read = async (path: string): Promise<string | undefined> => {
    const file = await run(
      ['unsquashfs', ...at, '-cat', medium.path, wildcard(path.slice(1))],
      options,
    );
    return file.code === 0 ? file.stdout.toString('latin1') : undefined;
  };
  return [...(await hashesIn(files, read)), ...finder.findings()];
}

/** What unsquashfs takes for a name: it cannot be told bytes that are no text. */
function wildcard(name: string): string {
  const text = Buffer.from(name, 'latin1').toString();
  if (!text.includes('\uFFFD')) return text.replaceAll(/[*?[\]\\]/g, String.raw`\$&`);
  return name.replaceAll(/[^\u0020-\u007E]|[*?[\]\\]/g, '?');
}

/** One line as `ls -l` has it: mode, owner, size or device, date, time and path. */
function readLine(line: string): readonly { readonly path: string; readonly isFolder: boolean }[] {
  const [, type, path] =
    /^([a-z-])\S+ \d+\/\d+ +\d+(?:, *\d+)? [\d-]{10} [\d:]{5} (\/.*)$/.exec(line) ?? [];
  if (type === undefined || path === undefined) return [];
  return [{ path: type === 'l' ? path.replace(/ -> .*$/, '') : path, isFolder: type === 'd' }];
}
