/** What one kind of Linux has otherwise than another. */
export interface Kind {
  /** The group of those who may become root. */
  readonly admins: string;
  /** Prints all packages with their versions. */
  readonly packages: string;
  /** Settings of language and keyboard, by file. */
  readonly settings: Readonly<Record<string, string>>;
  /** Whether it has a greeter and a desktop. */
  readonly desktop: boolean;
}

export const DEBIAN: Kind = {
  admins: 'sudo',
  packages: 'dpkg-query --show',
  settings: {
    '/etc/default/locale': 'LANG=de_AT.UTF-8',
    '/etc/default/keyboard': 'XKBLAYOUT="de" XKBVARIANT="nodeadkeys"',
  },
  desktop: true,
};

export const ARCH: Kind = {
  admins: 'wheel',
  packages: 'pacman --query',
  settings: { '/etc/locale.conf': 'LANG=de_AT.UTF-8', '/etc/vconsole.conf': 'KEYMAP=de-latin1' },
  desktop: false,
};
