import { createHash } from 'node:crypto';

import { LivesysError } from '@livesys/core/plugin';

import { FormatError } from '../disk/bytes.ts';
import type { ManifestLayer } from './manifest.ts';
import type { Medium } from './medium.ts';

export interface VerifyOptions {
  readonly signal: AbortSignal;
  /** Called about every MiB. */
  readonly onProgress: (layer: string, percent: number) => void;
  readonly onLayer: (layer: string, problem: string | undefined) => void;
}

/** Reads every layer and compares it with the manifest; names all that differ in one error. */
export async function verifyMedium(medium: Medium, options: VerifyOptions): Promise<void> {
  const problems: string[] = [];
  for (const layer of medium.manifest.layers) {
    const problem = await checkLayer(medium, layer, options);
    options.onLayer(layer.name, problem);
    if (problem !== undefined) problems.push(`layer ${layer.name}: ${problem}`);
  }
  problems.push(...missingLayers(medium));
  if (problems.length === 0) return;
  throw new LivesysError('LIVESYS_MEDIUM_INVALID', `${medium.path} is damaged.`, {
    details: problems,
    hint: 'Build or copy it again. If that repeats, suspect the stick or the disk.',
  });
}

async function checkLayer(
  medium: Medium,
  layer: ManifestLayer,
  { signal, onProgress }: VerifyOptions,
): Promise<string | undefined> {
  const entry = await medium.find(layer.file);
  if (!entry || entry.directory) return `${layer.file} is missing`;
  if (entry.size !== layer.bytes) {
    return `${layer.file} has ${entry.size} bytes instead of ${layer.bytes}`;
  }
  const hash = createHash('sha256');
  let done = 0;
  try {
    for await (const chunk of medium.read(entry)) {
      signal.throwIfAborted();
      hash.update(chunk);
      done += chunk.length;
      onProgress(layer.name, layer.bytes === 0 ? 100 : (done / layer.bytes) * 100);
    }
  } catch (error) {
    if (signal.aborted || !(error instanceof FormatError || isReadError(error))) throw error;
    return `${layer.file} cannot be read: ${error.message}`;
  }
  const found = hash.digest('hex');
  return found === layer.sha256
    ? undefined
    : `${layer.file} has sha256 ${found.slice(0, 16)}… instead of ${layer.sha256.slice(0, 16)}…`;
}

/** Layers that a profile names and that the manifest does not have. */
function missingLayers({ manifest }: Medium): string[] {
  const known = new Set(manifest.layers.map(({ name }) => name));
  return manifest.profiles.flatMap(({ name, layers }) =>
    layers
      .filter((layer) => !known.has(layer))
      .map((layer) => `profile ${name}: there is no layer ${layer}`),
  );
}

function isReadError(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && error.code === 'EIO';
}
