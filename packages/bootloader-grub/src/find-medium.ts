import { text, type Text } from '@livesys/core/plugin';
import { quoteWord } from './escape.ts';

/** The disk that `root` lies on: what comes before the number of a partition. */
export const THIS_DISK = 'livesys_disk';
export const FIND_DISK = `regexp --set=1:${THIS_DISK} '^([^,]+)' "$root"`;

/**
 * Makes the medium the root of all paths. The file system that GRUB came from is tried first, then
 * the others of its disk (the comma means all partitions): two media may hold the same image.
 */
export function findMedium(marker: Text): Text {
  const word = quoteWord(marker);
  return text`${FIND_DISK}
if [ ! -e ${word} ]; then search --no-floppy --file --set=root --hint="$${THIS_DISK}," ${word}; fi`;
}

/**
 * `/boot/grub/x86_64-efi/grub.cfg`, which the signed GRUB for media reads before anything else, on
 * the partition that it was started from. Without it, GRUB would look for `/.disk/info` and take
 * any Debian medium for ours.
 */
export function firstConfig(marker: Text): Text {
  return text`${embeddedConfig(marker)}source $prefix/grub.cfg
`;
}

/**
 * The configuration inside a GRUB image of our own making. It is read by a parser that knows no
 * `if`; the hints make it try the file system it came from first, then its disk. A test for the
 * file would not do: GRUB shows an error for a folder that is not there.
 */
export function embeddedConfig(marker: Text): Text {
  return text`${FIND_DISK}
search --no-floppy --file --set=root --hint=$root --hint=$${THIS_DISK}, ${quoteWord(marker)}
set prefix=($root)/boot/grub
`;
}
