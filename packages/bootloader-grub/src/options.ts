import { checkOptions } from '@livesys/core/plugin';

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
  checkOptions<GrubOptions>('grub', options, {
    timeout: [isTimeout, `"never" or a whole number of seconds, at least ${SHORTEST_TIMEOUT}`],
    beep: [(value) => typeof value === 'boolean', 'true or false'],
  });
  const { timeout = SHORTEST_TIMEOUT, beep = true } = options;
  return { timeout, beep };
}

const isTimeout = (value: unknown): boolean =>
  value === 'never' || (Number.isInteger(value) && Number(value) >= SHORTEST_TIMEOUT);
