import { expect, it } from 'vitest';
import { recordedBy } from '../../../test/support/recorded-ops.ts';
import { removeLeftovers } from './leftovers.ts';

it('removes backups, and what a package manager leaves, from a root that is named', () => {
  const { lines } = recordedBy((ops) => removeLeftovers(ops, ['/var/log/pkg.log'], '/new'));
  expect(lines).toContain('remove /new/etc/shadow-');
  expect(lines).toContain('remove /new/var/log/pkg.log');
});
