import { LivesysError, withDependents, type Plan } from '@livesys/core';

import { nearestName } from '../text/nearest.ts';

/**
 * The tasks that the words of `--refresh` mean, with all that read from them: what is made again
 * may be different. `packages` works through the lock file instead.
 */
export function refreshedTasks(plan: Plan, words: readonly string[]): readonly string[] {
  return withDependents(
    plan,
    words.flatMap((word) => tasksOf(plan, word)),
  );
}

function tasksOf(plan: Plan, word: string): readonly string[] {
  const ids = plan.tasks.map(({ id }) => id);
  if (word === 'packages') return [];
  // The image is made of the source, and so are all of its tasks.
  if (word === 'source') return ids;
  if (word === 'tools') return ids.filter((id) => id === 'tree:tools');
  // Wave source does not know the tasks of wave image yet.
  if (ids.includes(word) || (!plan.complete && word.includes(':')))
    return ids.filter((id) => id === word);
  const nearest = nearestName(word, ['packages', 'source', 'tools', ...ids]);
  const hint = nearest === undefined ? '.' : `; did you mean "${nearest}"?`;
  throw new LivesysError('LIVESYS_USAGE', `There is nothing named "${word}" to refresh${hint}`, {
    details: ids,
  });
}
