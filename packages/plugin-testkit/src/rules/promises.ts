import { attempt, type Subject } from '../subject.ts';

/** Every case can be planned and holds what the role promises. */
export function promises({ cases }: Subject): readonly string[] {
  if (cases.length === 0) return ['it supports nothing, so there is nothing to plan'];
  return cases.flatMap((one) => {
    const { recorded, error } = attempt(one);
    const lines = error === undefined ? one.misses(recorded) : describe(error);
    return lines.map((line) => `${one.name}: ${line}`);
  });
}

function describe(error: Error): readonly string[] {
  const details = 'details' in error && Array.isArray(error.details) ? error.details.map(String) : [];
  return [`planning ends with: ${error.message}`, ...details];
}
