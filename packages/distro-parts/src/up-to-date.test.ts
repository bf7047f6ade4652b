import { expect, it } from 'vitest';
import { recordedBy } from '../../../test/support/recorded-ops.ts';
import { bringUpToDate } from './up-to-date.ts';

it('does at build what systemd would do at every start', () => {
  const { lines, contents } = recordedBy(bringUpToDate);
  expect(lines).toContain('ldconfig < ');
  expect(lines.join('\n')).toContain('exec systemd-sysusers');
  expect([...contents.keys()]).toEqual(['/etc/.updated', '/var/.updated']);
});
