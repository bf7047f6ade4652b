import type { BootAssets, BootEntry, Need, Plugin } from '@livesys/core/plugin';
import type { checkInstance, Plan } from '@livesys/core/testing';

export type Role = Parameters<typeof checkInstance>[1];

/** What one planning of a plugin under test gave. */
export interface Recorded {
  readonly plan: Plan;
  /** What the boot loader handed over, in wave image. */
  readonly assets?: BootAssets;
  readonly entries?: readonly BootEntry[];
  /** Other plain data that the plugin gave, such as facts. */
  readonly data?: unknown;
}

/** One way in which core may call the plugin. */
export interface Case {
  readonly name: string;
  /** Plans anew. */
  record(): Recorded;
  /** What the role promises for this case; one line for each thing that is not so. */
  misses(recorded: Recorded): readonly string[];
}

/** A plugin under test. */
export interface Subject {
  readonly plugin: Plugin;
  readonly role: Role;
  readonly needs: readonly Need[];
  readonly cases: readonly Case[];
}

/** A planning that ended, one way or the other. */
export type Outcome =
  | { readonly recorded: Recorded; readonly error?: undefined }
  | { readonly recorded?: undefined; readonly error: Error };

/** Plans a case and keeps what it throws. */
export function attempt(one: Case): Outcome {
  try {
    return { recorded: one.record() };
  } catch (error) {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }
}

/** Judges every case that can be planned; the rule `promises` reports the others. */
export function judge(
  { cases }: Subject,
  look: (recorded: Recorded, one: Case) => readonly string[],
): readonly string[] {
  return cases.flatMap((one) => {
    const { recorded } = attempt(one);
    return recorded === undefined ? [] : look(recorded, one).map((line) => `${one.name}: ${line}`);
  });
}
