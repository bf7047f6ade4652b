import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { assertNamespaces, LOCK_BUSY, USER_NAMESPACE } from '../apply/sandbox.ts';
import { LivesysError } from '../errors/livesys-error.ts';
import { LocalStore } from './local-store.ts';

export interface PruneOptions {
  /** Milliseconds since the last use; 0 removes everything. */
  readonly olderThan: number;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Marks a result as used now. */
export async function touchResult(folder: string, key: string): Promise<void> {
  const now = new Date();
  await utimes(join(folder, 'results', key, 'record.json'), now, now).catch(() => undefined);
}

/**
 * Removes results that no build has used for a while, and whatever killed runs left. Runs in the
 * user namespace of a rootless build, whose files belong to subordinate ids, and under the lock.
 */
export async function pruneCache(
  folder: string,
  options: PruneOptions,
): Promise<{ readonly removed: number; readonly bytes: number }> {
  const found = await stat(folder).catch(() => undefined);
  if (found === undefined) return { removed: 0, bytes: 0 };
  if (!found.isDirectory())
    throw new LivesysError('LIVESYS_CACHE_UNSUITABLE', `The cache ${folder} is not a folder.`);
  const old = (await new LocalStore(folder).listUsed()).filter(
    (one) => options.now - one.lastUsed >= options.olderThan,
  );
  // What is known of outputs stays: it tells a build that it may replace them.
  const everything =
    options.olderThan === 0 ? ['results', 'downloads', 'logs', 'tmp'] : ['tmp', 'logs'];
  const paths = [...old.map(({ key }) => join('results', key)), ...everything];
  await remove(folder, paths);
  return { removed: old.length, bytes: old.reduce((sum, { bytes }) => sum + bytes, 0) };
}

async function remove(folder: string, paths: readonly string[]): Promise<void> {
  const rootless = process.getuid?.() !== 0;
  await assertNamespaces();
  const argv = [
    ...(rootless ? ['unshare', ...USER_NAMESPACE, '--'] : []),
    ...['flock', '--nonblock', '--conflict-exit-code', String(LOCK_BUSY), join(folder, 'lock')],
    // The list goes through standard input, since it can be longer than a command line may be.
    ...['xargs', '--null', 'rm', '-rf', '--one-file-system', '--'],
  ];
  const child = spawn(argv[0] as string, argv.slice(1), {
    cwd: folder,
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
  child.stdin.on('error', () => undefined);
  child.stdin.end(paths.join('\0'));
  const [code] = (await once(child, 'close')) as [number];
  if (code === LOCK_BUSY)
    throw new LivesysError('LIVESYS_CACHE_BUSY', `Another livesys uses the cache ${folder}.`);
  if (code !== 0)
    throw new LivesysError(
      'LIVESYS_NOT_RELEASED',
      `Some results in ${folder} could not be removed.`,
      { details: complaint.split('\n').filter(Boolean).slice(0, 10) },
    );
}
