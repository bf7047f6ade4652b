import { ACCOUNTS } from './blank-accounts.ts';
import { AUTOLOGIN } from './blank-autologin.ts';
import type { BlankForm } from './blank-form.ts';
import { NETPLAN } from './blank-netplan.ts';
import { FILES_OF_SERVICES } from './blank-services.ts';
import { FILES_OF_SETTINGS } from './blank-settings.ts';

const FORMS: readonly BlankForm[] = [
  ...[ACCOUNTS, NETPLAN],
  ...[...FILES_OF_SETTINGS, ...FILES_OF_SERVICES, ...AUTOLOGIN],
];

/**
 * Files that a system needs, and that may hold passwords or hashes of them, or log somebody in who has
 * no home in an image; `*` stands for anything within a name.
 */
export const PASSWORD_FILES: readonly string[] = [
  ...new Set(FORMS.flatMap(({ files }) => files)),
].toSorted();

/** Says of a path whether it is one of such files. */
export function fileNames(files: readonly string[]): (path: string) => boolean {
  const sources = files.map((file) =>
    file.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`).replaceAll('*', '[^/]*'),
  );
  const pattern = new RegExp(`^(?:${sources.join('|')})$`, 's');
  return (path) => pattern.test(path);
}

const BLANKS = FORMS.map((form) => ({ ...form, has: fileNames(form.files) }));

/** Whether a file is one that may have to be blanked; the path is absolute in its system. */
export const isPasswordFile = fileNames(PASSWORD_FILES);

/**
 * The text of a file without passwords, hashes of them, and who is logged in without being asked.
 * Nobody gets in by a password that was in /etc/shadow, and a lock stays a lock. Works on bytes, one
 * character each. `secrets` takes out no more than what is secret. Default: `all`.
 */
export function blankPasswords(
  path: string,
  text: string,
  what: 'all' | 'secrets' = 'all',
): string {
  const forms = BLANKS.filter(({ has, secret }) => (secret || what === 'all') && has(path));
  return forms.reduce((blanked, { blank }) => blank(blanked, path), text);
}
