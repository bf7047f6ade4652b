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
  iso,
  type UserConfig,
} from '@livesys/core';
export { secret } from '@livesys/core/plugin';
