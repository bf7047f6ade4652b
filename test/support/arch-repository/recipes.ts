/** How a package of the repository is put together. */
export interface Recipe {
  /** Debian packages whose contents it holds. Without any it holds only files of ours. */
  readonly from?: readonly string[];
  /** Version of a package without contents of Debian's. */
  readonly version?: string;
  /** What it depends on beside what Debian says. */
  readonly depends?: readonly string[];
  /** What it depends on in place of what Debian says. */
  readonly dependsOnly?: readonly string[];
  readonly provides?: readonly string[];
  readonly conflicts?: readonly string[];
  readonly backup?: readonly string[];
  /** Keeps only files whose path, without the first slash, matches. */
  readonly only?: RegExp;
  /** Leaves out files whose path, without the first slash, matches. */
  readonly without?: RegExp;
  /** Symbolic links to add: target by path. */
  readonly links?: Readonly<Record<string, string>>;
  /** Folders to add, with their modes. */
  readonly folders?: Readonly<Record<string, number>>;
  /** Whether `files/<name>/` lies over the contents. */
  readonly files?: boolean;
  /** Modes of files that are not 0644, or 0755 where they can be run. */
  readonly modes?: Readonly<Record<string, number>>;
  /** The package through which Debian names its newest kernel of one kind. */
  readonly kernel?: string;
  /** Body of `.INSTALL`, as in Arch's packages. */
  readonly install?: string;
  readonly any?: boolean;
  /** Repository. Default: `core`. */
  readonly repository?: 'core' | 'extra';
}

const FOLDERS = {
  ...{ boot: 0o755, dev: 0o755, etc: 0o755, home: 0o755, mnt: 0o755, opt: 0o755, proc: 0o555 },
  ...{ root: 0o750, run: 0o755, srv: 0o755, sys: 0o555, tmp: 0o1777, 'usr/bin': 0o755 },
  ...{ 'usr/lib': 0o755, 'usr/share': 0o755, 'var/cache': 0o755, 'var/lib': 0o755 },
  ...{ 'var/log': 0o755, 'var/mail': 0o1777, 'var/tmp': 0o1777, 'var/spool': 0o755 },
};

const LINKS = {
  ...{ bin: 'usr/bin', sbin: 'usr/bin', lib: 'usr/lib', lib64: 'usr/lib', 'usr/sbin': 'bin' },
  ...{ 'usr/lib64': 'lib', 'var/run': '../run', 'var/lock': '../run/lock' },
  ...{ 'etc/mtab': '../proc/self/mounts', 'etc/os-release': '../usr/lib/os-release' },
};

const SYSTEMD_INSTALL = `post_install() {
  systemd-machine-id-setup
  systemctl enable getty@tty1.service remote-fs.target
}
`;

/**
 * The packages that have a name of Arch's. A package of Debian's that these need and that none of
 * them holds becomes a package under its own name.
 */
export const RECIPES: Readonly<Record<string, Recipe>> = {
  base: {
    version: '3',
    any: true,
    dependsOnly: [
      ...['filesystem', 'gcc-libs', 'glibc', 'bash', 'coreutils', 'file', 'findutils', 'gawk'],
      ...['grep', 'procps-ng', 'sed', 'tar', 'gettext', 'pciutils', 'psmisc', 'shadow'],
      ...['util-linux', 'bzip2', 'gzip', 'xz', 'licenses', 'pacman', 'archlinux-keyring'],
      ...['systemd', 'systemd-sysvcompat', 'iputils', 'iproute2'],
    ],
  },
  filesystem: {
    version: '2024.11.21',
    any: true,
    files: true,
    dependsOnly: ['iana-etc'],
    folders: FOLDERS,
    links: LINKS,
    modes: { 'etc/shadow': 0o600, 'etc/gshadow': 0o600 },
    backup: [
      ...['etc/fstab', 'etc/group', 'etc/gshadow', 'etc/hosts', 'etc/nsswitch.conf'],
      ...['etc/passwd', 'etc/profile', 'etc/shadow', 'etc/shells'],
    ],
  },
  licenses: { version: '20240728', any: true, files: true, dependsOnly: [] },
  'iana-etc': { from: ['netbase'], any: true, dependsOnly: [] },
  tzdata: { from: ['tzdata'], any: true, dependsOnly: [] },
  glibc: { from: ['libc6', 'libc-bin'], depends: ['filesystem'] },
  'gcc-libs': { from: ['libgcc-s1', 'libstdc++6', 'gcc-12-base'] },
  bash: { from: ['bash'], provides: ['sh'], links: { 'usr/bin/sh': 'bash' } },
  coreutils: { from: ['coreutils'] },
  file: { from: ['file', 'libmagic1', 'libmagic-mgc'] },
  findutils: { from: ['findutils'] },
  gawk: { from: ['gawk'], provides: ['awk'], links: { 'usr/bin/awk': 'gawk' } },
  grep: { from: ['grep'] },
  sed: { from: ['sed'] },
  tar: { from: ['tar'] },
  gzip: { from: ['gzip'] },
  diffutils: { from: ['diffutils'] },
  'procps-ng': { from: ['procps', 'libproc2-0'] },
  gettext: { from: ['gettext-base'] },
  pciutils: { from: ['pciutils', 'libpci3'] },
  psmisc: { from: ['psmisc'] },
  pam: { from: ['libpam0g', 'libpam-modules', 'libpam-modules-bin'], depends: ['pambase'] },
  pambase: { version: '20230918', any: true, files: true, dependsOnly: [] },
  shadow: { from: ['passwd', 'login'], depends: ['pambase'] },
  'util-linux': { from: ['util-linux', 'util-linux-extra', 'mount', 'bsdutils', 'fdisk', 'eject'] },
  'util-linux-libs': {
    from: ['libblkid1', 'libmount1', 'libuuid1', 'libsmartcols1', 'libfdisk1'],
  },
  bzip2: { from: ['bzip2', 'libbz2-1.0'] },
  xz: { from: ['xz-utils', 'liblzma5'] },
  zlib: { from: ['zlib1g'] },
  zstd: { from: ['zstd', 'libzstd1'] },
  lz4: { from: ['lz4', 'liblz4-1'] },
  acl: { from: ['acl', 'libacl1'] },
  attr: { from: ['attr', 'libattr1'] },
  libcap: { from: ['libcap2', 'libcap2-bin'] },
  libxcrypt: { from: ['libcrypt1'] },
  audit: { from: ['libaudit1', 'libaudit-common'] },
  openssl: { from: ['libssl3'] },
  ncurses: { from: ['libtinfo6', 'libncursesw6', 'ncurses-bin', 'ncurses-base'] },
  readline: { from: ['libreadline8', 'readline-common'] },
  systemd: {
    from: ['systemd', 'libsystemd-shared', 'udev'],
    depends: ['dbus', 'kmod', 'shadow'],
    files: true,
    install: SYSTEMD_INSTALL,
  },
  'systemd-libs': { from: ['libsystemd0', 'libudev1'] },
  'systemd-sysvcompat': { from: ['systemd-sysv'], dependsOnly: ['systemd'] },
  dbus: {
    from: [
      ...['dbus', 'dbus-bin', 'dbus-daemon', 'dbus-system-bus-common'],
      ...['dbus-session-bus-common', 'libdbus-1-3'],
    ],
    files: true,
  },
  kmod: { from: ['kmod', 'libkmod2'], files: true },
  iputils: { from: ['iputils-ping'] },
  iproute2: { from: ['iproute2'] },
  curl: { from: ['libcurl4'] },
  libarchive: { from: ['libarchive13', 'libarchive-tools'] },
  gpgme: { from: ['libgpgme11'] },
  gnupg: { from: ['gnupg', 'gpg', 'gpg-agent', 'gpgconf'] },
  pacman: {
    from: ['pacman-package-manager', 'libalpm13', 'makepkg'],
    dependsOnly: [
      ...['bash', 'coreutils', 'curl', 'gawk', 'gettext', 'glibc', 'gnupg', 'gpgme', 'grep'],
      ...['libarchive', 'pacman-mirrorlist', 'systemd-libs', 'zstd'],
    ],
    backup: ['etc/pacman.conf', 'etc/makepkg.conf'],
    files: true,
  },
  'pacman-mirrorlist': {
    version: '20241101',
    any: true,
    files: true,
    dependsOnly: [],
    backup: ['etc/pacman.d/mirrorlist'],
  },
  // Its contents are the keys that the repository is signed with.
  'archlinux-keyring': { version: '20241203', any: true, dependsOnly: ['pacman'] },
  linux: {
    kernel: 'linux-image-amd64',
    dependsOnly: ['coreutils', 'initramfs', 'kmod'],
  },
  'linux-lts': {
    kernel: 'linux-image-cloud-amd64',
    dependsOnly: ['coreutils', 'initramfs', 'kmod'],
  },
  mkinitcpio: {
    version: '39.2',
    any: true,
    files: true,
    dependsOnly: ['bash', 'coreutils'],
    provides: ['initramfs'],
  },
  dracut: {
    from: ['dracut-core'],
    provides: ['initramfs'],
    repository: 'extra',
  },
  busybox: { from: ['busybox'], repository: 'extra' },
  cpio: { from: ['cpio'], repository: 'extra' },
  cryptsetup: { from: ['cryptsetup-bin', 'libcryptsetup12'] },
  'device-mapper': { from: ['dmsetup', 'libdevmapper1.02.1'] },
  dosfstools: { from: ['dosfstools'] },
  e2fsprogs: { from: ['e2fsprogs', 'libext2fs2', 'libcom-err2', 'libss2', 'logsave'] },
  grub: {
    from: ['grub-common', 'grub2-common', 'grub-pc-bin', 'grub-efi-amd64-bin'],
  },
  libisoburn: { from: ['xorriso', 'libisoburn1', 'libburn4', 'libisofs6'], repository: 'extra' },
  mtools: { from: ['mtools'], repository: 'extra' },
  'squashfs-tools': { from: ['squashfs-tools'], repository: 'extra' },
  sudo: { from: ['sudo'] },
  tree: { from: ['tree'], repository: 'extra' },
  openssh: { from: ['openssh-server', 'openssh-client', 'openssh-sftp-server'] },
};

/** Packages that only Debian's way of installing needs. */
export const DROPPED: ReadonlySet<string> = new Set([
  ...[
    'adduser',
    'base-files',
    'base-passwd',
    'debconf',
    'debconf-2.0',
    'dpkg',
    'init-system-helpers',
  ],
  ...['initramfs-tools', 'linux-initramfs-tool', 'lsb-base', 'perl', 'perl-base', 'sensible-utils'],
  ...['libpam-runtime', 'runit-helper', 'ucf', 'usrmerge', 'usr-is-merged', 'awk', 'mawk'],
  ...['linux-base', 'systemd-standalone-sysusers', 'media-types', 'python3', 'gpgsm', 'dirmngr'],
  ...['gnupg-l10n', 'gnupg-utils', 'gpg-wks-client', 'gpg-wks-server', 'libjs-jquery', 'texinfo'],
  ...['apparmor', 'dash', 'shared-mime-info'],
]);
