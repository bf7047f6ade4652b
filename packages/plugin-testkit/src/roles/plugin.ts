import type { Facts, Plugin } from '@livesys/core/plugin';
import { planWith } from '../plan-with.ts';
import { sampleFacts } from '../samples/facts.ts';
import type { Subject } from '../subject.ts';
import { registerRules, type SuiteOptions } from '../suite.ts';

export interface PluginSuiteOptions extends SuiteOptions {
  /** Systems to plan for. Default: the sample. */
  readonly facts?: readonly Facts[];
}

/** Tests a plugin without a role: one that taps hooks. */
export function testPlugin(plugin: Plugin, options: PluginSuiteOptions): void {
  const subject = (): Subject => ({
    plugin,
    role: 'plugin',
    needs: plugin.needs ?? [],
    cases: (options.facts ?? [sampleFacts()]).map((facts) => ({
      name: facts.osRelease.id,
      record: () => planWith({ plugins: [plugin], facts }),
      misses: () => (plugin.apply === undefined ? ['it taps nothing: it has no apply()'] : []),
    })),
  });
  registerRules(subject, plugin.name, options);
}
