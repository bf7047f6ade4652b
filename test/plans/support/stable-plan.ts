import type { Plan } from '@livesys/core';
import { canonicalJson } from '@livesys/core/testing';

const WIDTH = 140;

/**
 * A plan as text for comparing: keys sorted, short things on one line, and files that plugins ship
 * named by their first use, because a golden is about what is done and not about every line of the
 * boot code.
 */
export function stablePlan(plan: Plan): string {
  const names = new Map<string, string>();
  for (const { inputs } of plan.tasks) {
    for (const input of inputs) {
      if (input.kind !== 'blob' || names.has(input.sha256)) continue;
      names.set(input.sha256, `blob ${names.size + 1}`);
    }
  }
  let text = canonicalJson({ ...plan, blobs: [...names.values()] });
  for (const [sha256, name] of names) text = text.replaceAll(sha256, name);
  return `${layOut(JSON.parse(text), '')}\n`;
}

/** JSON with one operation, input or tree per line where it fits. */
function layOut(value: unknown, indent: string): string {
  const line = JSON.stringify(value);
  if (typeof value !== 'object' || value === null) return line;
  if (line.length + indent.length <= WIDTH && indent !== '') return line;
  const inner = `${indent}  `;
  const items = Array.isArray(value)
    ? value.map((item) => `${inner}${layOut(item, inner)}`)
    : Object.entries(value).map(
        ([key, item]) => `${inner}${JSON.stringify(key)}: ${layOut(item, inner)}`,
      );
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  return `${open}\n${items.join(',\n')}\n${indent}${close}`;
}
