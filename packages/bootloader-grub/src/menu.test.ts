import { type BootEntry, isRef, secret, type Text, text } from '@livesys/core/plugin';
import { describe, expect, it } from 'vitest';
import { loopbackConfig, type MenuContext, menuConfig } from './menu.ts';
import { resolveOptions } from './options.ts';

const ID = '7f3c09d1-0000-4000-8000-000000000000';
const imageId = secret({ env: 'ID' });
const kernel = { artifact: 'kernel:a/vmlinuz' };
const initrd = { artifact: 'initramfs:a/initrd' };

const linux = (id: string, more: object = {}): BootEntry => ({
  kind: 'linux',
  id,
  title: id,
  profile: id,
  persistence: 'off',
  purpose: 'normal',
  kernel,
  initrds: [initrd],
  arguments: [text`root=livesys:${imageId}`, 'console=ttyS0,115200', 'console=tty0'],
  ...more,
});

const context = (entries: readonly BootEntry[], defaultEntry = 'rescue'): MenuContext => ({
  entries,
  menu: { title: 'Live', defaultEntry },
  marker: text`/livesys/id/${imageId}`,
  locate: ({ artifact }) => `/livesys/boot/${artifact.split('/')[1]}`,
});

const MACHINE: readonly BootEntry[] = [
  { kind: 'local-disk', id: 'disk', title: 'Disk' },
  { kind: 'firmware-setup', id: 'setup', title: 'Setup' },
];
const render = (value: Text): string =>
  typeof value === 'string'
    ? value
    : isRef(value)
      ? ID
      : value.map((part) => (isRef(part) ? ID : part)).join('');
const menu = (entries: readonly BootEntry[], defaultEntry?: string): string =>
  render(menuConfig(context(entries, defaultEntry), resolveOptions()));

describe('menuConfig', () => {
  it('names kernel, arguments in their order and boot image of an entry', () => {
    const config = menu([linux('rescue')]);
    expect(config).toContain(
      `  linux /livesys/boot/vmlinuz root=livesys:${ID} console=ttyS0,115200 console=tty0\n`,
    );
    expect(config).toContain('  initrd /livesys/boot/initrd\n');
  });

  it('finds the medium by its image id, the one GRUB came from first', () => {
    expect(menu([linux('rescue')])).toContain(
      `if [ ! -e /livesys/id/${ID} ]; then search --no-floppy --file --set=root --hint="$livesys_disk," /livesys/id/${ID}; fi\n`,
    );
  });

  it('starts the default entry after five seconds', () => {
    const config = menu([linux('office'), linux('rescue')], 'rescue');
    expect(config).toContain("set default='livesys-rescue'\nset timeout=5\n");
  });

  it('keeps safe graphics of the default profile on the first page, others below', () => {
    const config = menu([
      linux('rescue'),
      linux('office'),
      linux('rescue-safe', { profile: 'rescue', purpose: 'safe-graphics' }),
      linux('office-safe', { profile: 'office', purpose: 'safe-graphics' }),
    ]);
    expect(config).toContain("\nmenuentry 'rescue-safe'");
    expect(config).toContain(
      "submenu 'Other ways to start' --id livesys-more {\n  menuentry 'office-safe'",
    );
  });

  it('offers the firmware set-up on UEFI alone, and has no submenu for nothing', () => {
    const config = menu([linux('rescue'), ...MACHINE]);
    expect(config).toContain(`if [ "$grub_platform" = efi ]; then\n  menuentry 'Setup'`);
    expect(config).not.toContain('submenu');
  });

  it('refuses a kernel argument that GRUB would change', () => {
    expect(() => menu([linux('rescue', { arguments: ['a="b c"'] })])).toThrowError(
      expect.objectContaining({ code: 'LIVESYS_PARTS_DO_NOT_FIT' }),
    );
  });
});

describe('as chosen last', () => {
  const selection = linux('selection', {
    persistence: 'selection',
    choices: [
      { profile: 'kiosk', arguments: ['root=x', 'kiosk=1'] },
      { profile: 'a.b-c', arguments: ['root=x', 'other=1'] },
    ],
  });

  it('reads one variable, by a command that executes nothing, from the disk of the medium', () => {
    const config = menu([selection, linux('rescue')]);
    expect(config).toContain(
      'set livesys_block="($livesys_disk,gpt$livesys_part)/livesys/grubenv"\n',
    );
    expect(config).toContain('load_env --file "$livesys_block" livesys_profile\n');
    expect(config).not.toMatch(/source|configfile|eval/);
  });

  it('gives a kernel only what stands here', () => {
    const config = menu([selection, linux('rescue')]);
    expect(config).toContain(`  if [ "x$livesys_profile" = xkiosk ]; then
    linux /livesys/boot/vmlinuz root=x kiosk=1
  elif [ "x$livesys_profile" = xa.b-c ]; then
    linux /livesys/boot/vmlinuz root=x other=1
  else
    linux /livesys/boot/vmlinuz root=livesys:${ID} console=ttyS0,115200 console=tty0
  fi
`);
    for (const line of config.split('\n').filter((one) => one.trim().startsWith('linux '))) {
      expect(line).not.toContain('$');
    }
  });

  it('looks for nothing when no profile has arguments of its own', () => {
    expect(menu([linux('selection', { persistence: 'selection', choices: [] })])).not.toContain(
      'load_env',
    );
  });

  it('refuses an argument of a choice that GRUB would change', () => {
    const odd = { ...selection, choices: [{ profile: 'kiosk', arguments: ['a="b"'] }] };
    expect(() => menu([odd])).toThrowError(
      expect.objectContaining({ code: 'LIVESYS_PARTS_DO_NOT_FIT' }),
    );
  });
});

describe('the first page', () => {
  /** Titles of the first page, with the submenu and without what is in it. */
  const page = (entries: readonly BootEntry[]): readonly string[] => {
    const config = menu([...entries, ...MACHINE], 'selection').replace(
      /(submenu '[^']+') .*\{\n(?: {2}.*\n)*\}\n/,
      '$1\n',
    );
    return [...config.matchAll(/(?:menuentry|submenu) '([^']+)'/g)].map(([, title = '']) => title);
  };
  const profile = (name: string): readonly BootEntry[] => [
    linux(name, { persistence: 'on' }),
    linux(`${name}-temporary`, { profile: name }),
  ];
  const variants = (
    ['safe-graphics', 'verbose', 'verify', 'toram', 'set-up-persistence'] as const
  ).map((purpose) => linux(purpose, { profile: 'office', purpose }));
  const first = linux('selection', { profile: 'office', persistence: 'selection' });

  it('has what people need, and the rest below', () => {
    expect(page([first, ...profile('office'), ...profile('rescue'), ...variants])).toEqual([
      ...['selection', 'office', 'office-temporary', 'rescue', 'rescue-temporary'],
      ...['safe-graphics', 'verify', 'set-up-persistence', 'Other ways to start'],
      ...['Disk', 'Setup'],
    ]);
  });

  it('stays on a screen of 640x480, whatever there is', () => {
    const many = ['office', 'a', 'b', 'c', 'd', 'e', 'f'].flatMap((name) => profile(name));
    const shown = page([first, ...many, ...variants]);
    expect(shown).toHaveLength(12);
    expect(shown.slice(0, 3)).toEqual(['selection', 'office', 'office-temporary']);
    expect(shown).toContain('safe-graphics');
  });
});

describe('loopbackConfig', () => {
  it('tells the kernel which file the ISO is, before its consoles', () => {
    const config = render(loopbackConfig(context([linux('rescue')])));
    expect(config).toContain(`linux /livesys/boot/vmlinuz "livesys.iso=\${iso_path}" root=`);
    expect(config).not.toContain('search');
  });

  it('looks for nothing on the disk that the ISO lies on, and sets nothing up there', () => {
    const choices = [{ profile: 'kiosk', arguments: ['kiosk=1'] }];
    const config = render(
      loopbackConfig(
        context([
          linux('selection', { persistence: 'selection', choices }),
          linux('rescue'),
          linux('set-up', { purpose: 'set-up-persistence' }),
        ]),
      ),
    );
    expect(config).not.toMatch(/load_env|livesys_profile|kiosk=1|set-up/);
    expect(config).toContain("menuentry 'selection'");
  });
});

describe('options', () => {
  it.each([0, 4, 5.5, Number.NaN])('refuses a timeout of %d', (timeout) => {
    expect(() => resolveOptions({ timeout })).toThrowError(
      expect.objectContaining({ code: 'LIVESYS_CONFIG_INVALID' }),
    );
  });

  it('can wait for ever, in silence', () => {
    const config = render(
      menuConfig(context([linux('rescue')]), resolveOptions({ timeout: 'never', beep: false })),
    );
    expect(config).toContain('set timeout=-1\n');
    expect(config).not.toContain('play');
  });
});
