import { refTarget, textParts, type RefTarget, type Text } from '../contract/values.ts';
import type { PlanText } from './model.ts';

/** Turns a plugin's text into plan data: neighbouring strings joined, references as data. */
export function planText(text: Text): PlanText {
  const parts: (string | { ref: RefTarget })[] = [];
  for (const part of textParts(text)) {
    const last = parts.at(-1);
    if (typeof part !== 'string') parts.push({ ref: refTarget(part) });
    else if (typeof last === 'string') parts[parts.length - 1] = last + part;
    else parts.push(part);
  }
  if (parts.length === 0) return '';
  const [first] = parts;
  return parts.length === 1 && typeof first === 'string' ? first : parts;
}

/** The references in a plan text. */
export function textRefs(text: PlanText): readonly RefTarget[] {
  if (typeof text === 'string') return [];
  return text.flatMap((part) => (typeof part === 'string' ? [] : [part.ref]));
}

/** A plan text for people: references as `${task/output}`, secrets as `${secret}`. */
export function showText(text: PlanText): string {
  if (typeof text === 'string') return text;
  return text.map((part) => (typeof part === 'string' ? part : showRef(part.ref))).join('');
}

function showRef(ref: RefTarget): string {
  return ref.kind === 'secret' ? '${secret}' : `\${${ref.task}/${ref.output}}`;
}
