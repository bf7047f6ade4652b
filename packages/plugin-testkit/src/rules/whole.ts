import { checkInstance } from '@livesys/core/testing';
import type { Subject } from '../subject.ts';

/** The members of its role are there and it is written for this plugin API. */
export function whole({ plugin, role }: Subject): readonly string[] {
  const problem = checkInstance(plugin, role);
  return problem === undefined ? [] : [problem.text];
}
