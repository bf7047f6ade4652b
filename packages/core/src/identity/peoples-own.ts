/** What belongs to people and is left out as a whole; who wants it back names it with `include`. */
export const PEOPLES_OWN: readonly string[] = [
  '/home/*',
  '/root/*',
  '/var/lib/AccountsService/icons/*',
  '/var/lib/AccountsService/users/*',
  '/var/lib/systemd/linger/*',
  '/var/cache/cups/job.cache*',
  '/var/db/sudo/lectured/*',
  '/var/lib/sudo/lectured/*',
  '/var/lib/sudo/ts/*',
  '/var/mail/*',
  '/var/spool/at/*',
  '!/var/spool/at/*/',
  // A file of its own is cronie's; the folders are those of others. at wants its `.SEQ`.
  '/var/spool/cron/*',
  '!/var/spool/cron/*/',
  '/var/spool/cron/atjobs/[!.]*',
  '/var/spool/cron/crontabs/*',
  '/var/spool/cups/*',
  '/var/spool/lpd/*',
  '/var/spool/mail/*',
  '/var/spool/samba/*',
];
