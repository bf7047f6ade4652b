import { ContractBreach, type Rule, RULES } from './breach.ts';
import { contained } from './rules/contained.ts';
import { deterministic } from './rules/deterministic.ts';
import { needs } from './rules/needs.ts';
import { promises } from './rules/promises.ts';
import { pure } from './rules/pure.ts';
import { serializable } from './rules/serializable.ts';
import { whole } from './rules/whole.ts';
import type { Subject } from './subject.ts';

/** What every suite takes. */
export interface SuiteOptions {
  /** Registers one test: `test` of vitest, of `node:test`, or anything of this shape. */
  readonly test: (name: string, body: () => Promise<void>) => unknown;
}

type Check = (subject: Subject) => readonly string[] | Promise<readonly string[]>;

const CHECKS: Readonly<Record<Rule, Check>> = {
  ...{ whole, promises, deterministic, pure, contained, serializable, needs },
};

/** Registers one test for each rule. */
export function registerRules(subject: () => Subject, name: string, { test }: SuiteOptions): void {
  for (const [rule, check] of Object.entries(CHECKS) as [Rule, Check][]) {
    test(`${name} · ${rule}: ${RULES[rule]}`, async () => {
      const breaches = await check(subject());
      if (breaches.length > 0) throw new ContractBreach(name, rule, [...new Set(breaches)]);
    });
  }
}
