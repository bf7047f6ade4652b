import type { Plan } from './model.ts';
import { digestOf } from './canonical.ts';

/** Names a plan by its content: 64 hex digits. */
export function planDigest(plan: Plan): string {
  return digestOf(plan);
}
