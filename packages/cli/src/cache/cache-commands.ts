import type { Context } from '../terminal/context.ts';
import { alignColumns } from '../text/columns.ts';
import { formatSize } from '../text/size.ts';
import { count } from '../views/phrases.ts';
import { cacheFolder } from './cache-folder.ts';

/** `livesys cache ls` */
export async function listCache(
  context: Context,
  { json }: { readonly json: boolean },
): Promise<void> {
  const folder = cacheFolder(context);
  const engine = await context.loadEngine();
  const entries = (await engine.listCache(folder)).toSorted((a, b) => b.lastUsed - a.lastUsed);
  if (json) {
    context.stdout.write(`${JSON.stringify({ folder, entries })}\n`);
    return;
  }
  const rows = entries.map(({ task, key, bytes, lastUsed }) => [
    task,
    formatSize(bytes).padStart(9),
    `used ${new Date(lastUsed).toISOString().slice(0, 10)}`,
    key.slice(0, 12),
  ]);
  const total = formatSize(entries.reduce((sum, { bytes }) => sum + bytes, 0));
  const lines = [...alignColumns(rows), `${folder}: ${count(entries.length, 'result')}, ${total}`];
  context.stdout.write(`${lines.join('\n')}\n`);
}

/** `livesys cache prune` */
export async function pruneCache(
  context: Context,
  { olderThan, json }: { readonly olderThan: number; readonly json: boolean },
): Promise<void> {
  const folder = cacheFolder(context);
  const engine = await context.loadEngine();
  const { removed, bytes } = await engine.pruneCache(folder, { olderThan, signal: context.signal });
  context.stdout.write(
    json
      ? `${JSON.stringify({ folder, removed, bytes })}\n`
      : `removed ${count(removed, 'result')}, ${formatSize(bytes)}\n`,
  );
}
