import { LivesysError } from '../errors/livesys-error.ts';

const UNITS: Readonly<Record<string, number>> = { M: 1, G: 1024, T: 1024 * 1024 };
/** Below this there is no room for a journal and a day's changes. */
const LEAST = 64;

/**
 * MiB of the data partition that an option asks for, 0 for none. Throws `LIVESYS_CONFIG_INVALID` for
 * anything but `none` and sizes such as `2G` and `512M`.
 */
export function dataSize(option: string): number {
  if (option === 'none') return 0;
  const [, digits = '', unit = ''] = /^([1-9]\d{0,6})([MGT])$/.exec(option) ?? [];
  const mebibytes = Number(digits) * (UNITS[unit] ?? 0);
  if (mebibytes >= LEAST) return mebibytes;
  throw new LivesysError(
    'LIVESYS_CONFIG_INVALID',
    `output disk: data is ${JSON.stringify(option)}, and it must be a size of at least ${LEAST}M, such as "512M" or "2G", or "none"`,
    { hint: 'Leave it out for 1G; `livesys write` lets it grow to the end of the stick.' },
  );
}
