import { judge, type Subject } from '../subject.ts';

/** Every case can be planned and holds what the role promises. */
export async function promises(subject: Subject): Promise<readonly string[]> {
  if (subject.cases.length === 0) return ['it supports nothing, so there is nothing to plan'];
  return judge(subject, ({ recorded, error }, one) =>
    error === undefined ? one.misses(recorded) : describe(error),
  );
}

function describe(error: Error): readonly string[] {
  const details =
    'details' in error && Array.isArray(error.details) ? error.details.map(String) : [];
  return [`planning ends with: ${error.message}`, ...details];
}
