import {
  type BootEntry,
  type BootloaderContext,
  joinText,
  LivesysError,
  text,
  type Text,
} from '@livesys/core/plugin';
import { arrange, linuxEntries, type LinuxEntry } from './arrange.ts';
import { cannotPass, entryId, quoteTitle, quoteWord } from './escape.ts';
import { findMedium } from './find-medium.ts';
import { firmwareSetup, localDisk } from './machine-entries.ts';
import type { ResolvedGrubOptions } from './options.ts';
import { byProfile, readSelection } from './selection.ts';

export type MenuContext = Pick<BootloaderContext, 'entries' | 'menu' | 'marker' | 'locate'>;

const MORE = 'livesys-more';

/** `/boot/grub/grub.cfg`: the menu of a medium that a firmware started. */
export function menuConfig(context: MenuContext, options: ResolvedGrubOptions): Text {
  return lines([
    findMedium(context.marker),
    '',
    ...readSelection(linuxEntries(context)),
    ...settings(defaultPath(context), options),
    '',
    ...menu(context, []),
  ]);
}

/**
 * `/boot/grub/loopback.cfg`: the same menu for another GRUB that has opened the ISO as a file. By
 * custom it has set `root` to the ISO and `iso_path` to its place. The disk with that file belongs
 * to somebody: nothing is looked for on it, and nothing is set up there.
 */
export function loopbackConfig(context: MenuContext): Text {
  const entries = context.entries.flatMap((entry): readonly BootEntry[] => {
    if (entry.kind !== 'linux') return [entry];
    return entry.purpose === 'set-up-persistence' ? [] : [{ ...entry, choices: [] }];
  });
  return lines([
    `set default=${quoteTitle(defaultPath(context))}`,
    // A submenu sees exported variables only.
    'export iso_path',
    '',
    ...menu({ ...context, entries }, ['"livesys.iso=${iso_path}"']),
  ]);
}

function settings(defaultEntry: string, options: ResolvedGrubOptions): readonly string[] {
  const { timeout, beep } = options;
  return [
    `set default=${quoteTitle(defaultEntry)}`,
    `set timeout=${timeout === 'never' ? -1 : timeout}`,
    'set timeout_style=menu',
    // A UEFI redirects its console by itself; writing to the port as well would show it twice.
    'if [ "$grub_platform" = pc ]; then',
    '  if serial --unit=0 --speed=115200; then',
    '    terminal_input console serial',
    '    terminal_output console serial',
    '  fi',
    'fi',
    ...(beep ? ['play 480 440 1'] : []),
  ];
}

function menu(context: MenuContext, extra: readonly Text[]): readonly Text[] {
  const { shown, more } = arrange(context);
  return [
    ...shown.flatMap((entry) => linuxEntry(context, entry, extra)),
    ...(more.length === 0
      ? []
      : [
          `submenu 'Other ways to start' --id ${MORE} {`,
          ...more.flatMap((entry) => linuxEntry(context, entry, extra)).map(indented),
          '}',
        ]),
    ...context.entries.flatMap((entry) => {
      if (entry.kind === 'linux') return [];
      return entry.kind === 'local-disk' ? localDisk(entry) : firmwareSetup(entry);
    }),
  ];
}

/** The default entry is always on the first page: see `arrange`. */
function defaultPath({ entries, menu }: MenuContext): string {
  const chosen = entries.find((entry) => entry.id === menu.defaultEntry) ?? entries[0];
  return chosen === undefined ? '0' : entryId(chosen.id);
}

function linuxEntry(
  context: MenuContext,
  entry: LinuxEntry,
  extra: readonly Text[],
): readonly Text[] {
  const kernel = quoteWord(context.locate(entry.kernel));
  const initrds = entry.initrds.map((initrd) => quoteWord(context.locate(initrd)));
  const command = (words: readonly Text[]): Text =>
    text`linux ${joinText([kernel, ...extra, ...words.map((word) => argumentWord(entry, word))], ' ')}`;
  const body = [
    "echo 'Loading the kernel ...'",
    ...byProfile(entry, command),
    ...(initrds.length === 0
      ? []
      : ["echo 'Loading the boot image ...'", text`initrd ${joinText(initrds, ' ')}`]),
  ];
  return [
    `menuentry ${quoteTitle(entry.title)} --id ${entryId(entry.id)} {`,
    ...body.map(indented),
    '}',
  ];
}

function indented(line: Text): Text {
  return text`  ${line}`;
}

function argumentWord(entry: LinuxEntry, argument: Text): Text {
  if (!cannotPass(argument)) return quoteWord(argument);
  const shown = typeof argument === 'string' ? ` ${JSON.stringify(argument)}` : '';
  throw new LivesysError(
    'LIVESYS_PARTS_DO_NOT_FIT',
    `boot entry ${JSON.stringify(entry.title)}: GRUB cannot give the kernel an argument with quotes, backslashes or control characters${shown}`,
    { hint: 'Change kernelArguments; spaces are allowed.' },
  );
}

function lines(all: readonly Text[]): Text {
  return text`${joinText(all, '\n')}\n`;
}
