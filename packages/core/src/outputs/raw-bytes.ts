import type { BootAssets, RawBytes } from '../contract/boot.ts';

/** The boot code for a place of a kind of image, if the loader has some. */
export function rawBytes(
  { raw }: BootAssets,
  kind: 'iso' | 'disk',
  at: RawBytes['at'],
): RawBytes | undefined {
  return raw?.find((one) => one.at === at && (one.for ?? kind) === kind);
}
