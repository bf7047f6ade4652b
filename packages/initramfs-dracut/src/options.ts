/** Options of the dracut plugin. */
export interface DracutOptions {
  /**
   * `fast` (default) is zstd level 3 on all cores; `small` is zstd level 15, which makes the file
   * a tenth smaller and takes about thirty times as long.
   */
  readonly compression?: 'fast' | 'small';
}

/** The command that dracut pipes the archive through. Its own default is gzip on one core. */
export function compressionOf(options: DracutOptions): string {
  return options.compression === 'small' ? 'zstd -15 -T0 -q' : 'zstd -3 -T0 -q';
}
