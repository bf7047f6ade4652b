import { expect, it } from 'vitest';
import type { Facts, LiveUser } from '@livesys/core/plugin';
import { recordedBy } from '../../../test/support/recorded-ops.ts';
import { generalize } from './generalize.ts';

const USER: LiveUser = { name: 'live', password: 'none', autologin: true, sudo: true };

function record(
  user: LiveUser | undefined,
  packages: Record<string, string> = {},
  identity: 'reset' | 'keep' = 'reset',
) {
  const facts = { distro: { packages } } as unknown as Facts;
  return recordedBy((ops) => generalize(ops, { facts, identity, user, hostname: 'box' }));
}

it('mounts nothing from fstab and has an empty machine-id', () => {
  const { contents } = record(USER);
  expect(contents.get('/etc/fstab')).toMatch(/^(#.*\n)+$/);
  expect(contents.get('/etc/machine-id')).toBe('');
  expect(contents.get('/etc/hosts')).toContain('127.0.1.1\tbox\n');
});

it('refuses passwords over SSH and makes host keys on the live system', () => {
  const { lines, contents } = record(undefined);
  expect(contents.get('/etc/ssh/sshd_config.d/00-livesys.conf')).toContain(
    'PasswordAuthentication no',
  );
  // Those of the base and of packages are left out; any that is there was laid there by the user.
  expect(lines.join('\n')).not.toContain('remove /etc/ssh/ssh_host');
  expect(lines.join('\n')).toContain('multi-user.target.wants/livesys-ssh-host-keys.service');
  expect(lines.join('\n')).not.toContain('useradd');
});

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

it('begins the journal with a small file, since it lies in memory', () => {
  const journal = record(undefined).contents.get('/etc/systemd/journald.conf.d/50-livesys.conf');
  expect(journal).toMatch(/^SystemMaxFileSize=2M$/m);
});

it('does at build what systemd would do at every start', () => {
  const { lines, contents } = record(undefined);
  expect(lines).toEqual(expect.arrayContaining(['systemd-sysusers < ', 'ldconfig < ']));
  expect([...contents.keys()]).toEqual(expect.arrayContaining(['/etc/.updated', '/var/.updated']));
  const leftovers = lines.findIndex((line) => line.includes('aux-cache'));
  expect(lines.indexOf('ldconfig < ')).toBeLessThan(leftovers);
});
