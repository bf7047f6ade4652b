/** Contract suites for livesys plugins. README.md says how to use them. */
export { ContractBreach, type Rule, RULES } from './breach.ts';
export { type ImagePlan, planWith, type PlanParts } from './plan-with.ts';
export { textsOf } from './reading-plans.ts';
export { type BootloaderSuiteOptions, testBootloader } from './roles/bootloader.ts';
export { type DistroSuiteOptions, testDistro } from './roles/distro.ts';
export { type InitramfsSuiteOptions, testInitramfs } from './roles/initramfs.ts';
export { testOutput } from './roles/output.ts';
export { type PluginSuiteOptions, testPlugin } from './roles/plugin.ts';
export { type SourceSuiteOptions, testSource } from './roles/source.ts';
export { sampleFacts } from './samples/facts.ts';
export { memoryProbe, type SampleRoot } from './samples/memory-probe.ts';
export type { SuiteOptions } from './suite.ts';
