/** Files that a system needs, and that may hold passwords or hashes of them, with how a line loses them. */
interface PasswordFiles {
  /** Absolute; `*` stands for anything within a name. */
  readonly files: readonly string[];
  /** A line without what is secret in it, and otherwise the same. Bytes, one character each. */
  readonly blank: (line: string) => string;
}

/** What stands in place of a hash, or of no password; none of it is secret. */
const HARMLESS = /^(?:|x|\*|!{1,2}\*?|\*LK\*|NP|\*NP\*|!locked)$/;
/** Left of a line whose option would be an error without its value. */
const GONE = '$1# A password was here.';
/** How variables and arguments are called that hold something secret, rather than the name of a file. */
const SECRET = String.raw`[\w-]*(?:token|passw(?:or)?d|passphrase|secret|credential|(?:private|api|access)[_-]?key)(?![\w-]*(?:file|path|dir)\b)[\w-]*`;
const QUOTED = new RegExp(`(["'])(${SECRET}=)[^"']*\\1`, 'gi');
const PLAIN = new RegExp(`(${SECRET}[= ])[^\\s"'=-][^\\s"']*`, 'gi');

/** Source for each: the manual page of the file, or the settings that its package brings. */
const FORMS: readonly PasswordFiles[] = [
  { files: ['/etc/group', '/etc/gshadow', '/etc/passwd', '/etc/shadow'], blank: blankHash },
  {
    // Of proxies and mirrors. Source: curl(1), whose variables others read too; apt-transport-http(1).
    files: [
      ...[
        '/etc/environment',
        '/etc/environment.d/*.conf',
        '/etc/apt/apt.conf',
        '/etc/apt/apt.conf.d/*',
      ],
      ...[
        '/etc/apt/sources.list',
        '/etc/apt/sources.list.d/*',
        '/etc/pacman.conf',
        '/etc/pacman.d/*',
      ],
    ],
    blank: (line) => line.replaceAll(/(:\/\/)[^/@\s'"]*:[^/\s'"]*@/g, '$1'),
  },
  {
    // Source: mount.cifs(8), mount(8).
    files: ['/etc/fstab'],
    blank: (line) => line.replaceAll(/([\s,](?:pass|password2?|passwd)=)[^,\s]+/g, '$1'),
  },
  {
    // Source: interfaces(5), wireless(7), README of wpasupplicant.
    files: ['/etc/network/interfaces', '/etc/network/interfaces.d/*'],
    blank: (line) =>
      line.replace(
        /^(\s*)(?:wpa-(?:psk|passphrase|password|private-key-passwd\d?|wep-key\d)|wireless-key\d?|password)\s.*$/,
        GONE,
      ),
  },
  {
    // Source: systemd.exec(5), `Environment=`, and arguments as programs commonly call them.
    files: ['service', 'socket', 'timer', 'mount', 'slice', 'target'].flatMap((type) => [
      `/etc/systemd/system/*.${type}`,
      `/etc/systemd/system/*.${type}.d/*.conf`,
    ]),
    blank: blankSetting,
  },
  {
    // Source: mosquitto.conf(5); iscsid.conf of open-iscsi.
    files: [
      '/etc/iscsi/iscsid.conf',
      '/etc/mosquitto/mosquitto.conf',
      '/etc/mosquitto/conf.d/*.conf',
    ],
    blank: (line) => line.replace(/^(\s*)(?!#)[\w.]*(?:password|_psk)(?:_in)?[\s=].*$/, GONE),
  },
  {
    // Without a password nobody comes in. Source: libvirt's format of a domain, `graphics`.
    files: ['/etc/libvirt/qemu/*.xml'],
    blank: (line) => line.replaceAll(/(\spasswd=)(?:'[^']*'|"[^"]*")/g, "$1''"),
  },
];

/** Names of such files; `*` stands for anything within a name. */
export const PASSWORD_FILES: readonly string[] = FORMS.flatMap(({ files }) => files).sort();

/** Says of a path whether it is one of such files. */
export function fileNames(files: readonly string[]): (path: string) => boolean {
  const sources = files.map((file) =>
    file.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`).replaceAll('*', '[^/]*'),
  );
  const pattern = new RegExp(`^(?:${sources.join('|')})$`);
  return (path) => pattern.test(path);
}

const BLANKS = FORMS.map(({ files, blank }) => ({ has: fileNames(files), blank }));

/** Whether a file is one that may have to be blanked; the path is absolute in its system. */
export const isPasswordFile = fileNames(PASSWORD_FILES);

/**
 * The text of a file without passwords and hashes of them. Nobody gets in by a password that was in
 * /etc/shadow, and a lock stays a lock. Works on bytes, one character each.
 */
export function blankPasswords(path: string, text: string): string {
  const form = BLANKS.find(({ has }) => has(path));
  return form === undefined ? text : text.split('\n').map(form.blank).join('\n');
}

/** A setting of a unit, or the rest of one on a line of its own. */
function blankSetting(line: string): string {
  if (/^\s*[#;]|^(?!Environment=|Exec|SetCredential=)\w+=/.test(line)) return line;
  const [, credential] = /^(SetCredential=[^:]*:)/.exec(line) ?? [];
  return credential ?? line.replaceAll(QUOTED, '$1$2$1').replaceAll(PLAIN, '$1');
}

function blankHash(line: string): string {
  const fields = line.split(':');
  const [, password] = fields;
  if (password === undefined || HARMLESS.test(password)) return line;
  return fields.with(1, '!').join(':');
}
