import { byLine, type BlankForm } from './blank-form.ts';
import { GONE, withoutUsers, withoutValues } from './blank-settings.ts';

/** How variables and arguments are called that hold something secret, rather than the name of a file. */
const SECRET = String.raw`[\w-]*(?:token|passw(?:or)?d|passphrase|secret|credential|(?:private|api|access|auth)[_-]?key)(?![\w-]*(?:file|path|dir)\b)[\w-]*`;
const QUOTED = new RegExp(`(["'])(${SECRET}=)[^"']*\\1`, 'gi');
const PLAIN = new RegExp(`(${SECRET}[= ])[^\\s"'=-][^\\s"']*`, 'gi');

/** Source: systemd.exec(5), `Environment=`, and arguments as programs commonly call them. */
const UNITS: BlankForm = {
  files: ['system', 'user'].flatMap((kind) => [
    `/etc/systemd/${kind}/*`,
    `/etc/systemd/${kind}/*.d/*.conf`,
  ]),
  secret: true,
  blank: byLine((line) => {
    // In a comment no more than what has the form of a setting: the rest is meant for people.
    if (/^\s*[#;]/.test(line)) return withoutValues(line);
    if (/^(?!Environment=|Exec|SetCredential(?:Encrypted)?=)\w+=/.test(line))
      return withoutUsers(line);
    const [, credential] = /^(SetCredential(?:Encrypted)?=[^:]*:)/.exec(line) ?? [];
    if (credential !== undefined) return credential;
    return withoutUsers(line).replaceAll(QUOTED, '$1$2$1').replaceAll(PLAIN, '$1');
  }),
};

/** Source: mosquitto.conf(5); iscsid.conf of open-iscsi. */
const BROKERS: BlankForm = {
  files: [
    '/etc/iscsi/iscsid.conf',
    '/etc/mosquitto/conf.d/*.conf',
    '/etc/mosquitto/mosquitto.conf',
  ],
  secret: true,
  blank: byLine((line) =>
    line.replace(/^(\s*)(?!#)[\w.]*(?:password|_psk)(?:_in)?[\s=].*$/, `$1${GONE}`),
  ),
};

/** Without a password nobody comes in. Source: libvirt's format of a domain, `graphics`. */
const MACHINES: BlankForm = {
  files: ['/etc/libvirt/qemu/*.xml'],
  secret: true,
  blank: byLine((line) => line.replaceAll(/(\spasswd=)(?:'[^']*'|"[^"]*")/g, "$1''")),
};

/** Files of services and of what they run. */
export const FILES_OF_SERVICES: readonly BlankForm[] = [UNITS, BROKERS, MACHINES];
