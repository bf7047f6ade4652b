import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Blob } from './values.ts';

const STORE = Symbol.for('livesys.blobs');

/** Contents by hash. One for the process, also when this package is loaded twice. */
function store(): Map<string, Uint8Array> {
  const scope = globalThis as { [STORE]?: Map<string, Uint8Array> };
  scope[STORE] ??= new Map();
  return scope[STORE];
}

/** Holds content as a blob. Default mode: 0644. */
export function blob(content: string | Uint8Array, options: { readonly mode?: number } = {}): Blob {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  store().set(sha256, bytes);
  return Object.freeze({ sha256, mode: options.mode ?? 0o644 });
}

/**
 * A file that a plugin ships beside its code: `asset(import.meta.url, './x.sh', { mode: 0o755 })`.
 * Call it when the module loads, not while planning. The mode is explicit because npm packages do
 * not keep it. Throws when the file is missing.
 */
export function asset(base: string, path: string, options: { readonly mode?: number } = {}): Blob {
  return blob(readFileSync(fileURLToPath(new URL(path, base))), options);
}

/** The content of a blob made in this process. */
export function blobContent(sha256: string): Uint8Array | undefined {
  return store().get(sha256);
}
