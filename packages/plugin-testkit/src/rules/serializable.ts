import { isRef } from '@livesys/core/plugin';
import { canonicalJson, operationTexts, type Plan } from '@livesys/core/testing';
import { PASSWORD } from '../samples/parts.ts';
import { judge, type Recorded, type Subject } from '../subject.ts';

/** Plans survive JSON unchanged, references stay references, secrets stay out of arguments. */
export async function serializable(subject: Subject): Promise<readonly string[]> {
  return judge(subject, ({ recorded, error }) =>
    error === undefined ? dataLines(recorded) : refLines(error),
  );
}

function refLines({ message }: Error): readonly string[] {
  return message.includes('a Ref is known only while applying')
    ? ['it turns a Ref into a string; put it into text`…`']
    : [];
}

function dataLines({ plan, facts, lists }: Recorded): readonly string[] {
  const odd = [
    ...oddValues(plan, 'plan'),
    ...oddValues(facts ?? {}, 'facts'),
    ...oddValues(lists ?? {}, 'lists'),
  ];
  if (odd.length > 0) return odd;
  const same = canonicalJson(JSON.parse(JSON.stringify(plan))) === canonicalJson(plan);
  return [
    ...(same ? [] : ['the plan changes when it is written as JSON and read']),
    ...secrets(plan),
  ];
}

/** Everything that JSON cannot hold, or would hold as something else. */
function oddValues(value: unknown, path: string): readonly string[] {
  if (value === null || ['string', 'boolean'].includes(typeof value)) return [];
  if (typeof value === 'number') return Number.isFinite(value) ? [] : [`${path} is ${value}`];
  if (typeof value !== 'object') return [`${path} is ${typeof value}`];
  if (isRef(value)) return [`${path} is a Ref; only texts may hold one`];
  const plain = Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
  if (!plain) return [`${path} is no plain object`];
  return Object.entries(value).flatMap(([key, inner]) => oddValues(inner, `${path}.${key}`));
}

function secrets(plan: Plan): readonly string[] {
  return plan.tasks.flatMap(({ id, operations }) =>
    operations.flatMap((operation) => {
      if (operation.kind !== 'exec' && operation.kind !== 'pipe') return [];
      const { stdin: _, ...shown } = operation;
      const texts = operationTexts(shown).flatMap((text) =>
        typeof text === 'string' ? [text] : text,
      );
      const hidden = texts.some((part) =>
        typeof part === 'string' ? part.includes(PASSWORD) : part.ref.kind === 'secret',
      );
      const inEnvironment = JSON.stringify(shown.env ?? {}).includes(PASSWORD);
      return hidden || inEnvironment
        ? [`${id} gives a password as an argument; use the option stdin`]
        : [];
    }),
  );
}
