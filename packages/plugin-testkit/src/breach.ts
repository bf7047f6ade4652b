/** The rules of the plugin contract, each one test of a suite. README.md explains them. */
export const RULES = {
  whole: 'it has every member that its role needs',
  promises: 'it plans, and its plans hold what it says it supports',
  deterministic: 'planning again, elsewhere and at another time, gives equal data',
  pure: 'planning touches no file, process, network, timer or terminal',
  contained: 'its operations stay in the places that the contract gives them',
  serializable: 'its plans are plain data without secrets',
  needs: 'it declares every tool that it runs',
} as const;

export type Rule = keyof typeof RULES;

/** A broken rule. Recognise it by `rule`, not by `instanceof`. */
export class ContractBreach extends Error {
  readonly rule: Rule;
  /** One line for each breach, starting with the case that was planned. */
  readonly breaches: readonly string[];

  constructor(plugin: string, rule: Rule, breaches: readonly string[]) {
    super(
      `${plugin} breaks the rule "${rule}": ${RULES[rule]}\n${breaches.map((line) => `  ${line}`).join('\n')}`,
    );
    this.name = 'ContractBreach';
    this.rule = rule;
    this.breaches = breaches;
  }
}
