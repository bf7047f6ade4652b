import { isLivesysError, LivesysError } from '../errors/livesys-error.ts';

/**
 * Calls into a plugin. What it throws that is not for users becomes a defect with its name on it,
 * so that the report goes to the right place.
 */
export function attribute<T>(plugin: string, step: string, call: () => T): T {
  try {
    return call();
  } catch (error) {
    if (isLivesysError(error)) throw error;
    const message = error instanceof Error ? error.message : String(error);
    throw new LivesysError('LIVESYS_PLUGIN_DEFECT', `${plugin} failed in ${step}: ${message}`, {
      plugin,
      step,
      cause: error,
    });
  }
}
