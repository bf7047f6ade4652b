import { checkOptions, oneOf } from '@livesys/core/plugin';

/** Options of the dracut plugin. */
export interface DracutOptions {
  /**
   * `fast` (default) is zstd level 3 on all cores; `small` is zstd level 15, which makes the file
   * a tenth smaller and takes about thirty times as long.
   */
  readonly compression?: 'fast' | 'small';
  /**
   * Who runs the boot image: `systemd` (default), or dracut's own script (`plain`), which is smaller
   * and shows its steps one after another.
   */
  readonly flow?: 'systemd' | 'plain';
  /**
   * Lets the boot unlock a partition for changes, or an image file, that you encrypted with LUKS: adds
   * cryptsetup and ciphers. Default: `false`.
   */
  readonly encryption?: boolean;
}

/** Options with their defaults. */
export interface ResolvedDracutOptions {
  /** The command that dracut pipes the archive through. Its own default is gzip on one core. */
  readonly compress: string;
  readonly flow: 'systemd' | 'plain';
  readonly encryption: boolean;
}

/** Checks the options and fills the defaults in. */
export function resolveOptions(options: DracutOptions): ResolvedDracutOptions {
  checkOptions<DracutOptions>('dracut', options, {
    compression: oneOf('fast', 'small'),
    flow: oneOf('systemd', 'plain'),
    encryption: [(value) => typeof value === 'boolean', 'true or false'],
  });
  const compress = options.compression === 'small' ? 'zstd -15 -T0 -q' : 'zstd -3 -T0 -q';
  return { compress, flow: options.flow ?? 'systemd', encryption: options.encryption ?? false };
}
