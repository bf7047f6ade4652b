import { byLine, type BlankForm } from './blank-form.ts';

/** What stands in place of a hash, or of no password; none of it is secret. */
const HARMLESS = /^(?:|x|\*|!{1,2}\*?|\*LK\*|NP|\*NP\*|!locked)$/;

/** Hashes of passwords: nobody gets in by one that was there, and a lock stays a lock. */
export const ACCOUNTS: BlankForm = {
  files: ['/etc/group', '/etc/gshadow', '/etc/passwd', '/etc/shadow'],
  secret: true,
  blank: byLine((line) => {
    const fields = line.split(':');
    const [, password] = fields;
    if (password === undefined || HARMLESS.test(password)) return line;
    return fields.with(1, '!').join(':');
  }),
};
