/**
 * What a config imports from `livesys`.
 *
 * @example
 * import { bootstrap, defineConfig, iso } from 'livesys';
 */
export {
  archive,
  bootstrap,
  defineConfig,
  directory,
  disk,
  host,
  type HostOptions,
  iso,
  type UserConfig,
} from '@livesys/core';
export { secret } from '@livesys/core/plugin';
