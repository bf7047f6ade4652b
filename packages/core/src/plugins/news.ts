import type { Hooks } from '../contract/hooks.ts';

/** The hooks that inform and cannot fail a run. */
export type News = Pick<Hooks, 'configResolved' | 'planCompleted' | 'taskDone' | 'failed'>;

/** Tells plugins what happened. What a tap throws is given to `onProblem` and nothing else. */
export async function announce<K extends keyof News>(
  hooks: News,
  name: K,
  payload: Parameters<News[K]['promise']>[0],
  onProblem: (message: string) => void,
): Promise<void> {
  try {
    await (hooks[name].promise as (news: unknown) => Promise<void>)(payload);
  } catch (error) {
    onProblem(
      `a plugin failed in ${name}: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
