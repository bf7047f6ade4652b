import type { UserConfig } from './user-config.ts';

/**
 * Gives a config its type: completions and checks in an editor. It returns what it gets.
 *
 * @example
 * export default defineConfig({ layers: { repair: { packages: ['gdisk'] } } });
 */
export function defineConfig(config: UserConfig): UserConfig {
  return config;
}
