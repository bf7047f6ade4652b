import { canonicalJson } from '@livesys/core/testing';
import { attempt, judge, type Outcome, type Subject } from '../subject.ts';
import { inAnotherWorld } from '../guards/world.ts';

/** Equal data when planned twice, and with another folder, environment, zone, locale and time. */
export async function deterministic(subject: Subject): Promise<readonly string[]> {
  return judge(subject, async (outcome, one) => {
    const first = dataOf(outcome);
    const again = difference(first, dataOf(await attempt(one)));
    const elsewhere = difference(first, dataOf(await inAnotherWorld(() => attempt(one))));
    return [
      ...(again === undefined ? [] : [`planned twice, ${again}`]),
      ...(elsewhere === undefined ? [] : [`planned elsewhere, ${elsewhere}`]),
    ];
  });
}

/** What was planned as text; why it could not be planned where it could not. */
function dataOf({ recorded, error }: Outcome): string {
  if (error !== undefined) return canonicalJson({ error: error.message });
  const { plan, facts, lists } = recorded;
  try {
    return canonicalJson({ plan, facts, lists });
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
