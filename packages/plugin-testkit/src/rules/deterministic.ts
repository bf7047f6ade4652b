import { canonicalJson } from '@livesys/core/testing';
import { attempt, type Case, type Subject } from '../subject.ts';
import { inAnotherWorld } from '../guards/world.ts';

/** Equal data when planned twice, and with another folder, environment, zone, locale and time. */
export function deterministic({ cases }: Subject): readonly string[] {
  return cases.flatMap((one) => {
    const first = dataOf(one);
    const again = difference(first, dataOf(one));
    const elsewhere = difference(first, inAnotherWorld(() => dataOf(one)));
    return [
      ...(again === undefined ? [] : [`${one.name}: planned twice, ${again}`]),
      ...(elsewhere === undefined ? [] : [`${one.name}: planned elsewhere, ${elsewhere}`]),
    ];
  });
}

/** What was planned as text; why it could not be planned where it could not. */
function dataOf(one: Case): string {
  const { recorded, error } = attempt(one);
  if (error !== undefined) return canonicalJson({ error: error.message });
  try {
    return canonicalJson({ plan: recorded.plan, data: recorded.data });
  } catch {
    // The rule `serializable` reports it.
    return '{}';
  }
}

/** Names the first place where two texts of JSON differ. */
function difference(one: string, other: string): string | undefined {
  return one === other ? undefined : firstDifference(JSON.parse(one), JSON.parse(other), 'it');
}

function firstDifference(one: unknown, other: unknown, path: string): string | undefined {
  if (!isObject(one) || !isObject(other)) {
    return one === other
      ? undefined
      : `${path} is ${JSON.stringify(one)} and ${JSON.stringify(other)}`;
  }
  for (const key of new Set([...Object.keys(one), ...Object.keys(other)])) {
    const found = firstDifference(one[key], other[key], `${path}.${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;
