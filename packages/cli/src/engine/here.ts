import type { Annotations } from '@livesys/core';

/** What is known of a plan on this machine now, as data for `livesys plan --json`. Sizes are bytes. */
export function hereOf(annotations: Annotations): unknown {
  const { tasks, mounts, goals, leftOut, spaceNeeded, spaceFree } = annotations;
  const sizes = [...mounts].map(([at, { used, stays }]) => ({ at, used, stays }));
  return { tasks, mounts: sizes, compressed: goals, leftOut, spaceNeeded, spaceFree };
}
