import { text, type Text } from '@livesys/core/plugin';
import { quoteWord } from './escape.ts';

/**
 * Makes the medium the root of all paths. The file system that GRUB came from is tried first: two
 * media may hold the same image.
 */
export function findMedium(marker: Text): Text {
  const word = quoteWord(marker);
  return text`if [ ! -e ${word} ]; then search --no-floppy --file --set=root ${word}; fi`;
}

/**
 * `/boot/grub/x86_64-efi/grub.cfg`, which the signed GRUB for media reads before anything else, on
 * the partition that it was started from. Without it, GRUB would look for `/.disk/info` and take
 * any Debian medium for ours.
 */
export function firstConfig(marker: Text): Text {
  return text`${findMedium(marker)}
set prefix=($root)/boot/grub
source $prefix/grub.cfg
`;
}

/**
 * The configuration inside a GRUB image of our own making. It is read by a parser that knows no
 * `if`; the hint makes it try the device it came from first.
 */
export function embeddedConfig(marker: Text): Text {
  return text`search --no-floppy --file --set=root --hint=$root ${quoteWord(marker)}
set prefix=($root)/boot/grub
`;
}
