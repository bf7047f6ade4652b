/** Everything a plugin is written with. This is the plugin API; see `API_VERSION`. */
export { asset, blob } from './contract/blob.ts';
export type { BootAssets, BootChoice, BootEntry, RawBytes } from './contract/boot.ts';
export type * from './contract/facts.ts';
export { STAGE } from './contract/hooks.ts';
export type * from './contract/hooks.ts';
export type { Need } from './contract/need.ts';
export { checkOptions, isText, oneOf, type OptionChecks } from './contract/options.ts';
export type * from './contract/partition-table.ts';
export type * from './contract/plan-builder.ts';
export type { Probe, ProbeStat } from './contract/probe.ts';
export type * from './contract/roles.ts';
export type { Runtime, RuntimeFile } from './contract/runtime.ts';
export { secret, type SecretSource } from './contract/secret.ts';
export type { SecretRule } from './contract/secret-rule.ts';
export { isArtifact, isRef, joinText, text } from './contract/values.ts';
export type * from './contract/values.ts';
export { LivesysError } from './errors/livesys-error.ts';
export { API_VERSION } from './plugins/api-version.ts';
