import type { BootAssets, BootEntry, Facts, Need, Plugin } from '@livesys/core/plugin';
import type { checkInstance, Plan } from '@livesys/core/testing';
import { trapEffects } from './guards/effects.ts';

type Role = Parameters<typeof checkInstance>[1];

/** What one planning of a plugin under test gave. */
export interface Recorded {
  readonly plan: Plan;
  /** What the boot loader handed over, in wave image. */
  readonly assets?: BootAssets;
  readonly entries?: readonly BootEntry[];
  /** What a distribution found, and its lists of paths. */
  readonly facts?: Facts;
  readonly lists?: Readonly<Record<string, readonly string[]>>;
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
export type Outcome = { readonly effects: readonly string[] } & (
  | { readonly recorded: Recorded; readonly error?: undefined }
  | { readonly recorded?: undefined; readonly error: Error }
);

/**
 * Plans a case and keeps what it throws. Calls that reach the machine do nothing but throw, so that
 * testing a plugin which is not pure does no harm.
 */
export async function attempt(one: Case): Promise<Outcome> {
  const { result, effects } = await trapEffects(() => {
    try {
      return { recorded: one.record() };
    } catch (error) {
      return { error: error instanceof Error ? error : new Error(String(error)) };
    }
  });
  return { ...result, effects };
}

/** Judges each case by how planning it ended; every line says which case it is about. */
export async function judge(
  { cases }: Subject,
  look: (outcome: Outcome, one: Case) => readonly string[] | Promise<readonly string[]>,
): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const one of cases) {
    for (const line of await look(await attempt(one), one)) lines.push(`${one.name}: ${line}`);
  }
  return lines;
}
