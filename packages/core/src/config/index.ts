export type { Builtins } from './builtins.ts';
export type { Modules } from './config-jiti.ts';
export { defineConfig } from './define-config.ts';
export { configJsonSchema } from './json-schema.ts';
export { findConfigFile } from './find-config.ts';
export { loadConfig } from './load-config.ts';
export { resolveConfig } from './resolve-config.ts';
export type { ResolvedConfig } from './resolved.ts';
export type { UserConfig } from './user-config.ts';
