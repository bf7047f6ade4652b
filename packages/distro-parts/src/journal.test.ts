import { expect, it } from 'vitest';
import { recordedBy } from '../../../test/support/recorded-ops.ts';
import { keepJournalFilesSmall } from './journal.ts';

it('begins the journal with a small file, since it lies in memory', () => {
  const { contents } = recordedBy(keepJournalFilesSmall);
  const journal = contents.get('/etc/systemd/journald.conf.d/50-livesys.conf');
  expect(journal).toMatch(/^SystemMaxFileSize=2M$/m);
});
