import { attempt, type Subject } from '../subject.ts';
import { trapEffects } from '../guards/effects.ts';

const FROZEN = /read only property|not extensible|Cannot (?:delete|redefine) property/;

/** Planning calls nothing that reaches the machine, and changes nothing that it is given. */
export async function pure({ plugin, cases }: Subject): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const one of cases) {
    const { result, effects } = await trapEffects(() => attempt(one));
    for (const effect of effects) lines.push(`${one.name}: it calls ${effect}`);
    const message = result.error?.message ?? '';
    if (FROZEN.test(message)) lines.push(`${one.name}: it changes what it is given: ${message}`);
  }
  return [...lines, ...(await tapping(plugin))];
}

/** `apply` is not waited for, so it must not return a promise. */
async function tapping(plugin: Subject['plugin']): Promise<readonly string[]> {
  const { makeHooks } = await import('@livesys/core/testing');
  const { result, effects } = await trapEffects(() => {
    try {
      return plugin.apply?.(makeHooks()) as unknown;
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
