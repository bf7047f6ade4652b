import { createHash } from 'node:crypto';
import { digestOf } from '../plan/canonical.ts';

/** What a medium holds. Layers and the lists in profiles run from lowest to highest. */
export interface Manifest {
  readonly image: string;
  readonly layers: readonly ManifestLayer[];
  readonly kernels: readonly { readonly release: string; readonly sha256: string }[];
  readonly profiles: readonly ManifestProfile[];
  /** For people and tools: what it was made from. */
  readonly about: Readonly<Record<string, string>>;
}

interface ManifestLayer {
  readonly name: string;
  /** Below `/livesys/`. */
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly format: 'squashfs' | 'erofs';
  /** The hash tree of dm-verity behind its data: where it begins, in bytes, and the hash at its top. */
  readonly verity?: { readonly offset: number; readonly rootHash: string };
}

export interface ManifestProfile {
  readonly name: string;
  readonly title: string;
  readonly default: boolean;
  readonly persistence: 'on' | 'off' | 'required';
  readonly layers: readonly string[];
  readonly kernel: string;
}

/**
 * Names an image by what it holds: sha256 over layers, kernels and profiles, the first 128 bits
 * written as a UUID. No time and no randomness, so equal images have equal ids.
 */
export function imageId(content: Omit<Manifest, 'image'>): string {
  const hex = digestOf({
    layers: content.layers.map((layer) => [layer.name, layer.sha256]),
    kernels: content.kernels.map((kernel) => [kernel.release, kernel.sha256]),
    profiles: content.profiles,
  });
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20, 32),
  ].join('-');
}

/** The manifest as the boot code reads it: lines of ASCII with the hash of all lines at the end. */
export function formatManifest(manifest: Manifest): string {
  const lines = [
    'livesys 1',
    `image ${manifest.image}`,
    ...manifest.layers.map(
      (l) =>
        `layer ${l.name} ${l.file} ${l.bytes} ${l.sha256} ${l.format} ${l.verity?.offset ?? '-'} ${l.verity?.rootHash ?? '-'}`,
    ),
    ...manifest.profiles.map(
      (p) => `profile ${p.name} ${p.default ? 'default' : '-'} ${p.layers.join(',')}`,
    ),
    ...manifest.profiles.flatMap((p) => persistLine(p)),
  ];
  const body = `${lines.join('\n')}\n`;
  return `${body}end ${createHash('sha256').update(body).digest('hex')}\n`;
}

/** Changes are kept on the data partition of the medium; profiles without a line keep none. */
function persistLine({ name, persistence }: ManifestProfile): readonly string[] {
  if (persistence === 'off') return [];
  return [`persist ${name} data - ${persistence === 'required' ? 'required' : 'optional'}`];
}

/** The manifest for tools. */
export function manifestJson(manifest: Manifest): string {
  return `${JSON.stringify({ format: 1, ...manifest }, undefined, 2)}\n`;
}
