import type { Ops } from '@livesys/core/plugin';

const SETTINGS = `# A file of the journal gets its room when it is begun, an eighth of what the journal may have; without
# kept changes that is memory. How much the journal may have in all stays as it is.
[Journal]
SystemMaxFileSize=2M
RuntimeMaxFileSize=2M
`;

/** Records that files of the journal begin small. */
export function keepJournalFilesSmall(ops: Ops): void {
  ops.write('/etc/systemd/journald.conf.d/50-livesys.conf', SETTINGS);
}
