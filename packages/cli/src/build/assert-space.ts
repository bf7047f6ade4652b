import { LivesysError } from '@livesys/core/plugin';

import type { Planned } from '../engine/engine.ts';
import { formatSize } from '../text/size.ts';

/** Refuses to begin what will not fit. */
export function assertSpace(planned: Planned): void {
  const { spaceNeeded, spaceFree, cache } = planned;
  if (spaceNeeded <= spaceFree) return;
  throw new LivesysError(
    'LIVESYS_NO_SPACE',
    `The build needs about ${formatSize(spaceNeeded)} in ${cache}; ${formatSize(spaceFree)} are free.`,
  );
}
