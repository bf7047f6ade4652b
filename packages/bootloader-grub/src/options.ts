import { LivesysError } from '@livesys/core/plugin';

/** Choices of the GRUB menu. */
export interface GrubOptions {
  /**
   * Seconds until the default entry starts, at least 5 so that everyone can read or hear the menu
   * in time; `'never'` waits for a key. Default: 5.
   */
  readonly timeout?: number | 'never';
  /** A short beep when the menu appears, for people who cannot see it. Default: true. */
  readonly beep?: boolean;
}

export interface ResolvedGrubOptions {
  readonly timeout: number | 'never';
  readonly beep: boolean;
}

const SHORTEST_TIMEOUT = 5;

/** Fills in defaults. Throws `LIVESYS_CONFIG_INVALID` for a timeout that is too short. */
export function resolveOptions(options: GrubOptions = {}): ResolvedGrubOptions {
  const { timeout = SHORTEST_TIMEOUT, beep = true } = options;
  if (timeout !== 'never' && !(Number.isInteger(timeout) && timeout >= SHORTEST_TIMEOUT)) {
    throw new LivesysError(
      'LIVESYS_CONFIG_INVALID',
      `bootloader grub: timeout is ${JSON.stringify(timeout)}, and it must be a whole number of seconds, at least ${SHORTEST_TIMEOUT}, or "never"`,
      { hint: 'Leave it out for 5 seconds.' },
    );
  }
  return { timeout, beep };
}
