import {
  type BootEntry,
  type BootloaderContext,
  joinText,
  LivesysError,
  text,
  type Text,
} from '@livesys/core/plugin';
import { cannotPass, entryId, quoteTitle, quoteWord } from './escape.ts';
import { findMedium } from './find-medium.ts';
import { firmwareSetup, localDisk } from './machine-entries.ts';
import type { ResolvedGrubOptions } from './options.ts';

type LinuxEntry = Extract<BootEntry, { kind: 'linux' }>;
export type MenuContext = Pick<BootloaderContext, 'entries' | 'menu' | 'marker' | 'locate'>;

const MORE = 'livesys-more';

/** `/boot/grub/grub.cfg`: the menu of a medium that a firmware started. */
export function menuConfig(context: MenuContext, options: ResolvedGrubOptions): Text {
  return lines([
    findMedium(context.marker),
    '',
    ...settings(defaultPath(context), options),
    '',
    ...entries(context, []),
  ]);
}

/**
 * `/boot/grub/loopback.cfg`: the same menu for another GRUB that has opened the ISO as a file. By
 * custom it has set `root` to the ISO and `iso_path` to its place.
 */
export function loopbackConfig(context: MenuContext): Text {
  return lines([
    `set default=${quoteTitle(defaultPath(context))}`,
    // A submenu sees exported variables only.
    'export iso_path',
    '',
    ...entries(context, ['"livesys.iso=${iso_path}"']),
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

/**
 * Ways to start the default profile stay on the first page, so that safe graphics can be reached
 * in the dark; those of the other profiles would push it off a small screen.
 */
function entries(context: MenuContext, extra: readonly Text[]): readonly Text[] {
  const { shown, more } = arrange(context);
  const render = (entry: LinuxEntry, indent: string): readonly Text[] =>
    linuxEntry(context, entry, extra, indent);
  return [
    ...shown.flatMap((entry) => render(entry, '')),
    ...(more.length === 0
      ? []
      : [
          `submenu 'Other ways to start' --id ${MORE} {`,
          ...more.flatMap((entry) => render(entry, '  ')),
          '}',
        ]),
    ...context.entries.flatMap((entry) => {
      if (entry.kind === 'linux') return [];
      return entry.kind === 'local-disk' ? localDisk(entry) : firmwareSetup(entry);
    }),
  ];
}

function arrange({ entries, menu }: MenuContext): {
  readonly shown: readonly LinuxEntry[];
  readonly more: readonly LinuxEntry[];
} {
  const linux = entries.filter((entry) => entry.kind === 'linux');
  const main = linux.find((entry) => entry.id === menu.defaultEntry) ?? linux[0];
  const isShown = (entry: LinuxEntry): boolean =>
    entry.purpose === 'normal' || entry.profile === main?.profile || entry === main;
  return {
    shown: linux.filter((entry) => isShown(entry)),
    more: linux.filter((entry) => !isShown(entry)),
  };
}

/** The default entry is always on the first page: see {@link arrange}. */
function defaultPath({ entries, menu }: MenuContext): string {
  const chosen = entries.find((entry) => entry.id === menu.defaultEntry) ?? entries[0];
  return chosen === undefined ? '0' : entryId(chosen.id);
}

function linuxEntry(
  context: MenuContext,
  entry: LinuxEntry,
  extra: readonly Text[],
  indent: string,
): readonly Text[] {
  const kernel = quoteWord(context.locate(entry.kernel));
  const initrds = entry.initrds.map((initrd) => quoteWord(context.locate(initrd)));
  const words = entry.arguments.map((argument) => argumentWord(entry, argument));
  return [
    `${indent}menuentry ${quoteTitle(entry.title)} --id ${entryId(entry.id)} {`,
    `${indent}  echo 'Loading the kernel ...'`,
    text`${indent}  linux ${joinText([kernel, ...extra, ...words], ' ')}`,
    ...(initrds.length === 0
      ? []
      : [
          `${indent}  echo 'Loading the boot image ...'`,
          text`${indent}  initrd ${joinText(initrds, ' ')}`,
        ]),
    `${indent}}`,
  ];
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
