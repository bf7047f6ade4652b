export type { Builtins, Factory } from './builtins.ts';
export type { Modules } from './config-jiti.ts';
export { resolveCompression } from './compression.ts';
export { defineConfig } from './define-config.ts';
export { CONFIG_NAMES, findConfigFile } from './find-config.ts';
export { configJsonSchema } from './json-schema.ts';
export { loadConfig, type LoadOptions } from './load-config.ts';
export { didYouMean, nearest } from './nearest.ts';
export { resolveConfig, type ResolveOptions } from './resolve-config.ts';
export type { Compression, ResolvedConfig } from './resolved.ts';
export type {
  CompressionGoal,
  RoleSpec,
  UserAccount,
  UserCompression,
  UserConfig,
  UserLayer,
  UserProfile,
} from './user-config.ts';
