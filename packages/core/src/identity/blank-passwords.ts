/** What stands in place of a hash, or of no password; none of it is secret. */
const HARMLESS = /^(?:|x|\*|!{1,2}\*?|\*LK\*|NP|\*NP\*|!locked)$/;

/** What a line becomes, by the file that it is in. All others have the form of /etc/shadow. */
const FORMS: Readonly<Record<string, (line: string) => string>> = {
  // Of proxies. Source: curl(1), whose variables others read too.
  '/etc/environment': (line) => line.replaceAll(/(:\/\/)[^/@\s'"]*:[^/\s'"]*@/g, '$1'),
  // Source: mount.cifs(8), mount(8).
  '/etc/fstab': (line) => line.replaceAll(/([\s,](?:pass|password2?|passwd)=)[^,\s]+/g, '$1'),
  // An option without a value would be an error. Source: interfaces(5), wireless(7), README of wpasupplicant.
  '/etc/network/interfaces': (line) =>
    line.replace(
      /^(\s*)(?:wpa-(?:psk|passphrase|password|private-key-passwd\d?|wep-key\d)|wireless-key\d?|password)\s.*$/,
      '$1# A password was here.',
    ),
};

/**
 * The text of a file without passwords and hashes of them. Nobody gets in by a password that was in
 * /etc/shadow, and a lock stays a lock. Works on bytes, one character each.
 */
export function blankPasswords(path: string, text: string): string {
  return text
    .split('\n')
    .map(FORMS[path] ?? blankHash)
    .join('\n');
}

function blankHash(line: string): string {
  const fields = line.split(':');
  const [, password] = fields;
  if (password === undefined || HARMLESS.test(password)) return line;
  return fields.with(1, '!').join(':');
}
