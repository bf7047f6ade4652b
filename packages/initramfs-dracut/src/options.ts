import { checkOptions, LivesysError, oneOf, type InitramfsContext } from '@livesys/core/plugin';

/** Options of the dracut plugin. */
export interface DracutOptions {
  /**
   * `fast` (default) is zstd level 3 on all cores; `small` is zstd level 15, which makes the file
   * a tenth smaller and takes about thirty times as long.
   */
  readonly compression?: 'fast' | 'small';
  /**
   * Who runs the boot image: `systemd`, or dracut's own script (`plain`), which is smaller and shows
   * its steps one after another. Default: systemd, unless it would be of another version than the
   * image's, to which it hands over.
   */
  readonly flow?: 'systemd' | 'plain';
  /**
   * Lets the boot unlock a partition for changes, or an image file, that you encrypted with LUKS: adds
   * cryptsetup and ciphers. Default: `false`.
   */
  readonly encryption?: boolean;
}

type Flow = NonNullable<DracutOptions['flow']>;

/** Options with their defaults. */
export interface ResolvedDracutOptions {
  /** The command that dracut pipes the archive through. Its own default is gzip on one core. */
  readonly compress: string;
  readonly flow: Flow | undefined;
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
  return { compress, flow: options.flow, encryption: options.encryption ?? false };
}

/** Who runs the boot image, given whose programs are in it. */
export function chooseFlow(
  { flow }: Pick<ResolvedDracutOptions, 'flow'>,
  programs: InitramfsContext['programs'],
): Flow {
  if (programs === 'image') return flow ?? 'systemd';
  if (flow !== 'systemd') return 'plain';
  throw new LivesysError(
    'LIVESYS_PARTS_DO_NOT_FIT',
    "dracut.flow is systemd, but the tools are in a root of their own: its systemd would hand over to the image's, which is another version",
    { hint: 'Leave flow out, which then is plain, or bring the source up to date.' },
  );
}
