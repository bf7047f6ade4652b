import { announce, isLivesysError, type BuildEvent, type News } from '@livesys/core';

import type { LoadedConfig, Planned } from './engine.ts';

/** Tells the plugins which parts were chosen and what was planned. */
export async function tellPlanned(
  news: News | undefined,
  { file, plugins }: LoadedConfig,
  { digest, complete }: Planned,
): Promise<void> {
  if (news === undefined) return;
  // There is no view of a build yet; a plugin that fails here is not worth stopping for.
  const ignore = (): void => undefined;
  const names = plugins.map(({ name }) => name);
  await announce(news, 'configResolved', { configFile: file, plugins: names }, ignore);
  await announce(news, 'planCompleted', { digest, complete }, ignore);
}

/** Runs a build and tells the plugins about it; what goes wrong there becomes a warning. */
export async function withNews(
  news: News | undefined,
  onEvent: (event: BuildEvent) => void,
  build: (show: (event: BuildEvent) => void) => Promise<void>,
): Promise<void> {
  const told: Promise<void>[] = [];
  const warn = (message: string): void => onEvent({ type: 'warning', message });
  const tell = <K extends keyof News>(
    name: K,
    payload: Parameters<News[K]['promise']>[0],
  ): void => {
    if (news !== undefined) told.push(announce(news, name, payload, warn));
  };
  try {
    await build((event) => {
      // A build may apply two plans; what began and what ended is the command's to say.
      if (event.type !== 'finished') onEvent(event);
      if (event.type !== 'task-finished') return;
      const { task, cached, milliseconds } = event;
      tell('taskDone', { task, cached, milliseconds });
    });
  } catch (error) {
    const { code, message } = isLivesysError(error)
      ? error
      : { code: 'LIVESYS_INTERNAL', message: String(error) };
    tell('failed', { code, message });
    throw error;
  } finally {
    await Promise.all(told);
  }
}
