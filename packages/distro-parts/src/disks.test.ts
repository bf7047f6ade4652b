import type { Facts } from '@livesys/core/plugin';
import { expect, it } from 'vitest';
import { recordedBy } from '../../../test/support/recorded-ops.ts';
import { forgetDisks } from './disks.ts';

const record = (...packages: readonly string[]) => {
  const installed = Object.fromEntries(packages.map((name) => [name, '1']));
  const facts = { distro: { packages: installed } } as unknown as Facts;
  return recordedBy((ops) => forgetDisks(ops, facts, { mdadm: '/etc/mdadm.conf' }));
};

it('mounts nothing from fstab, and swaps to nothing', () => {
  const { lines, contents } = record();
  expect(contents.get('/etc/fstab')).toMatch(/^(#.*\n)+$/);
  expect(lines).toContain('find /etc/systemd/system -name *.swap -delete < ');
});

it('opens, assembles and activates nothing, where something is there that would', () => {
  const { contents } = record('cryptsetup', 'lvm2', 'mdadm');
  expect(contents.get('/etc/crypttab')).toMatch(/^(#.*\n)+$/);
  expect(contents.get('/etc/mdadm.conf')).toBe('AUTO -all\n');
  expect(contents.get('/etc/lvm/lvmlocal.conf')).toContain('auto_activation_volume_list = []');
  expect([...record().contents.keys()]).toEqual(['/etc/fstab']);
});
