import { type BootEntry, text, type Text } from '@livesys/core/plugin';
import { quoteWord } from './escape.ts';
import { FIND_DISK, THIS_DISK } from './find-medium.ts';

type LinuxEntry = Extract<BootEntry, { kind: 'linux' }>;

const CHOSEN = 'livesys_profile';
/** Where the data partition usually is: the last one of a disk image, or one more than an ISO has. */
const PARTITIONS = '4 3 5 2 6 1 7 8';

/**
 * Reads which profile was chosen last from the data partition of the medium's disk. Anyone may have
 * written there, so one variable is taken, by a command that executes nothing, and it is only ever
 * compared with names that this file knows: nothing of it reaches a kernel command line.
 */
export function readSelection(entries: readonly LinuxEntry[]): readonly string[] {
  if (entries.every(({ choices = [] }) => choices.length === 0)) return [];
  return [
    FIND_DISK,
    `set ${CHOSEN}=`,
    `for livesys_part in ${PARTITIONS}; do`,
    `  set livesys_block="($${THIS_DISK},gpt$livesys_part)/livesys/grubenv"`,
    `  if [ -z "$${CHOSEN}" -a -f "$livesys_block" ]; then`,
    `    load_env --file "$livesys_block" ${CHOSEN}`,
    '  fi',
    'done',
    // A submenu sees exported variables only.
    `export ${CHOSEN}`,
    '',
  ];
}

/** The command that starts an entry; with choices, the one for the profile that was chosen last. */
export function byProfile(
  entry: LinuxEntry,
  command: (words: readonly Text[]) => Text,
): readonly Text[] {
  const { choices = [] } = entry;
  if (choices.length === 0) return [command(entry.arguments)];
  return [
    ...choices.flatMap((choice, index) => [
      // An `x` on both sides, since the value may be an operator of the test.
      text`${index === 0 ? 'if' : 'elif'} [ "x$${CHOSEN}" = ${quoteWord(`x${choice.profile}`)} ]; then`,
      text`  ${command(choice.arguments)}`,
    ]),
    'else',
    text`  ${command(entry.arguments)}`,
    'fi',
  ];
}
