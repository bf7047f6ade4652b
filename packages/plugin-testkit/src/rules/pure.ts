import { makeHooks } from '@livesys/core/testing';
import { judge, type Subject } from '../subject.ts';
import { trapEffects } from '../guards/effects.ts';

const FROZEN = /read only property|not extensible|Cannot (?:delete|redefine) property/;

/** Planning calls nothing that reaches the machine, and changes nothing that it is given. */
export async function pure(subject: Subject): Promise<readonly string[]> {
  const planning = await judge(subject, ({ effects, error }) => [
    ...effects.map((effect) => `it calls ${effect}`),
    ...(FROZEN.test(error?.message ?? '')
      ? [`it changes what it is given: ${error?.message}`]
      : []),
  ]);
  return [...planning, ...(await tapping(subject.plugin))];
}

/** `apply` is not waited for, so it must not return a promise. */
async function tapping(plugin: Subject['plugin']): Promise<readonly string[]> {
  const { result, effects } = await trapEffects(() => {
    try {
      const returned: unknown = plugin.apply?.(makeHooks());
      return returned;
    } catch {
      // The rule `promises` reports it.
      return undefined;
    }
  });
  return [
    ...effects.map((effect) => `apply: it calls ${effect}`),
    ...(result === undefined ? [] : ['apply: it returns a value, which nothing waits for']),
  ];
}
