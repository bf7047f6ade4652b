import { expect, it } from 'vitest';
import type { LiveUser } from '@livesys/core/plugin';
import { generalizationBy } from '../../../test/support/recorded-ops.ts';
import { generalize } from './generalize.ts';

const USER: LiveUser = { name: 'live', password: 'none', autologin: true, sudo: true };

const record = generalizationBy(generalize);

it("keeps boot images of the distribution's own from being made, with its presets in place", () => {
  const { lines, contents } = record(undefined, { cryptsetup: '1', mdadm: '1' });
  expect(lines).toContain('link /etc/pacman.d/hooks/90-mkinitcpio-install.hook /dev/null');
  expect(lines).toContain(
    'link /etc/systemd/system/mkinitcpio-generate-shutdown-ramfs.service /dev/null',
  );
  expect(lines).toContain('remove /etc/kernel/cmdline');
  expect(lines).toContain('link /etc/systemd/system/systemd-hibernate-clear.service /dev/null');
  expect(lines.filter((line) => line.includes('/etc/mkinitcpio'))).toEqual([]);
  expect(contents.get('/etc/mdadm.conf')).toBe('AUTO -all\n');
  expect(record(undefined).contents.has('/etc/mdadm.conf')).toBe(false);
});

it('lets each live system make a keyring with a secret of its own', () => {
  const { lines, contents } = record(undefined);
  const unit = 'livesys-pacman-keyring.service';
  expect(lines).toContain('remove /etc/pacman.d/gnupg');
  expect(contents.get(`/etc/systemd/system/${unit}`)).toContain('pacman-key --init');
  expect(lines.join('\n')).toContain(`multi-user.target.wants/${unit}`);
});

it('makes the groups of the live user, and lets only one who may become root', () => {
  expect(record(USER).lines.join('\n')).toMatch(/usermod --append --groups audio,.*,wheel live/);
  expect(record({ ...USER, sudo: false }).lines.join('\n')).not.toContain('wheel');
});

it('leaves a machine that stays itself its id, name and keys', () => {
  const { lines, contents } = record(undefined, {}, 'keep');
  const files = [...contents.keys()];
  expect(files).toContain('/etc/fstab');
  expect(files).not.toContain('/etc/machine-id');
  expect(files).not.toContain('/etc/hostname');
  expect(lines.join('\n')).not.toMatch(/ssh_host|remove .*gnupg/);
});

it('clears away what bringing the system up to date leaves behind', () => {
  const { lines } = record(undefined);
  const leftovers = lines.indexOf('remove /var/cache/ldconfig/aux-cache');
  expect(leftovers).toBeGreaterThan(lines.indexOf('ldconfig < '));
});
