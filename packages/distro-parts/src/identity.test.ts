import { expect, it } from 'vitest';
import { recordedBy } from '../../../test/support/recorded-ops.ts';
import { resetIdentity } from './identity.ts';

it('has a host name and no machine-id, and no first boot', () => {
  const { lines, contents } = recordedBy((ops) => resetIdentity(ops, 'box'));
  expect(contents.get('/etc/machine-id')).toBe('');
  expect(lines).toEqual(['link /var/lib/dbus/machine-id /etc/machine-id']);
  expect(contents.get('/etc/hostname')).toBe('box\n');
  expect(contents.get('/etc/hosts')).toContain('127.0.1.1\tbox\n');
});
