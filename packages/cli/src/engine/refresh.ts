import { LivesysError, type Plan } from '@livesys/core';

import { nearestName } from '../text/nearest.ts';

/** The tasks that a word of `--refresh` means. `packages` works through the lock file instead. */
export function refreshedTasks(plan: Plan, words: readonly string[]): readonly string[] {
  const ids = plan.tasks.map(({ id }) => id);
  return words.flatMap((word) => {
    if (word === 'packages') return [];
    if (word === 'source') return ids.filter((id) => id === 'source:base');
    if (word === 'tools') return ids.filter((id) => id === 'tree:tools');
    // Wave source does not know the tasks of wave image yet.
    if (ids.includes(word) || (!plan.complete && word.includes(':')))
      return ids.filter((id) => id === word);
    const nearest = nearestName(word, ['packages', 'source', 'tools', ...ids]);
    const hint = nearest === undefined ? '.' : `; did you mean "${nearest}"?`;
    throw new LivesysError('LIVESYS_USAGE', `There is nothing named "${word}" to refresh${hint}`, {
      details: ids,
    });
  });
}
