import { withoutUser } from '../contract/address.ts';
import { byLine, type BlankForm } from './blank-form.ts';

/** Left of a line whose option would be an error without its value. */
export const GONE = '# A password was here.';

/** Names of variables that hold what is secret; not those of files in which it is. */
const NAME = String.raw`\w*(?:TOKEN|PASSWORD|PASSWD|PASSPHRASE|SECRET|CREDENTIALS?|(?:ACCESS|API|AUTH|PRIVATE)_?KEY|(?<![A-Z])PASS|(?<![A-Z])PSK)(?:_?(?!FILE|PATH|DIR)[A-Z0-9]+)*`;
/** Text as it is: what a shell would put in is not held there. */
const VALUE = String.raw`(?:"[^"$\x60]+"|'[^']+'|[^\s"'$\x60();|&<>]+)`;
const WHOLE = new RegExp(String.raw`(["'])(${NAME}=)(?:(?!\1|[$\x60]).)+\1`, 'gi');
const ASSIGNED = new RegExp(String.raw`(?<![\w$])(${NAME}=)${VALUE}`, 'gi');
const OPTION = new RegExp(
  String.raw`(--(?:[a-z]+-)*(?:token|password|passwd|pass|secret|(?:access|api|auth|secret)-?key))(?:=|\s+(?=[^\s-]))${VALUE}`,
  'gi',
);
const ADDRESS = /([a-z][a-z0-9+.-]*):(\/\/[^\s'"<>\\]+)/gi;

/** Without user names and passwords in addresses. A name alone is taken where it can be a token. */
export function withoutUsers(line: string): string {
  return line.replaceAll(ADDRESS, (address: string, scheme: string, rest: string) => {
    const shown = withoutUser(address);
    const isName = /^\/\/[^/:@]*@[^@]*$/.test(rest) && !/^(?:https?|ftps?)$/i.test(scheme);
    return shown === undefined || isName ? address : shown.replace('…@', '');
  });
}

/** Without values of variables and options that are called as if they were secret. */
export function withoutValues(line: string): string {
  return withoutUsers(line)
    .replaceAll(WHOLE, '$1$2$1')
    .replaceAll(ASSIGNED, '$1')
    .replaceAll(OPTION, '$1=');
}

/** Variables, arguments of commands and addresses. Source of proxies: curl(1), whose variables others read too. */
const VARIABLES: BlankForm = {
  files: [
    '/etc/apt/apt.conf',
    '/etc/apt/apt.conf.d/*',
    '/etc/apt/sources.list',
    '/etc/apt/sources.list.d/*',
    '/etc/bash.bashrc',
    '/etc/bashrc',
    '/etc/conf.d/*',
    '/etc/cron.d/*',
    '/etc/crontab',
    '/etc/default/*',
    '/etc/docker/daemon.json',
    '/etc/environment',
    '/etc/environment.d/*',
    '/etc/pacman.conf',
    '/etc/pacman.d/*',
    '/etc/profile',
    '/etc/profile.d/*',
    '/etc/rc.local',
    '/etc/security/pam_env.conf',
    '/etc/sysconfig/*',
    '/etc/systemd/system.conf',
    '/etc/systemd/system.conf.d/*',
    '/etc/zsh/*',
  ],
  secret: true,
  blank: byLine(withoutValues),
};

/** Settings of a name and a value; a password without a value would be an error in some. */
const SETTINGS: BlankForm = {
  files: [
    '/etc/dnf/dnf.conf',
    '/etc/gitconfig',
    '/etc/wgetrc',
    '/etc/yum.conf',
    '/etc/yum.repos.d/*',
  ],
  secret: true,
  blank: byLine((line) =>
    /^\s*(?:[\w.-]*(?:password|passwd|token|secret)|extraheader|cookie)\s*=/i.test(line)
      ? GONE
      : withoutUsers(line),
  ),
};

/** Source: mount.cifs(8), mount(8). */
const FSTAB: BlankForm = {
  files: ['/etc/fstab'],
  secret: true,
  blank: byLine((line) =>
    withoutUsers(line.replaceAll(/([\s,](?:pass|password2?|passwd)=)[^,\s]+/g, '$1')),
  ),
};

/** An option without a value would be an error. Source: interfaces(5), wireless(7), README of wpasupplicant. */
const INTERFACES: BlankForm = {
  files: ['/etc/network/interfaces', '/etc/network/interfaces.d/*'],
  secret: true,
  blank: byLine((line) =>
    line.replace(
      /^(\s*)(?:wpa-(?:psk|passphrase|password|private-key-passwd\d?|wep-key\d)|wireless-key\d?|password)\s.*$/,
      `$1${GONE}`,
    ),
  ),
};

/**
 * What snapd knows of its store. The rest says which snaps there are, without which none of them is
 * mounted. Source: snapd, overlord/auth.
 */
const SNAPD: BlankForm = {
  files: ['/var/lib/snapd/state.json'],
  secret: true,
  blank: (text) =>
    text
      .replaceAll(/("(?:[\w-]*macaroon(?:-key)?|email)"\s*:\s*)"(?:[^"\\]|\\.)*"/g, '$1null')
      .replaceAll(/("[\w-]*discharges"\s*:\s*)\[[^\]]*\]/g, '$1null'),
};

/** Files of many lines, each with a name and a value. */
export const FILES_OF_SETTINGS: readonly BlankForm[] = [
  ...[VARIABLES, SETTINGS, FSTAB, INTERFACES, SNAPD],
];
