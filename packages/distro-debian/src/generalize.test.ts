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

it('leaves the disks of the machine alone', () => {
  const { lines, contents } = record(undefined, { lvm2: '1' });
  expect(lines).toContain('find /etc/systemd/system -name *.swap -delete < ');
  expect(contents.get('/etc/lvm/lvmlocal.conf')).toContain('auto_activation_volume_list = []');
  expect(record(undefined).contents.has('/etc/lvm/lvmlocal.conf')).toBe(false);
  expect(lines).toContain('link /etc/systemd/system/systemd-hibernate-clear.service /dev/null');
});

it('forgets the boot loader of the original, whose packages would write to its disk', () => {
  const { lines } = record(undefined, { 'grub-pc': '1' });
  expect(lines).toContain('remove /boot/grub');
  expect(lines).toContain('debconf-set-selections < grub-pc grub-pc/install_devices multiselect\n');
  expect(record(undefined).lines.join('\n')).not.toContain('debconf-set-selections');
});

it('keeps the hooks that dracut calls by name, and makes them do nothing', () => {
  const hook = '/etc/kernel/postinst.d/dracut';
  expect(record(undefined, { dracut: '1' }).contents.get(hook)).toMatch(
    /^#!\/bin\/sh\n(?:#.*\n)*$/,
  );
  expect(record(undefined).lines).toContain(`remove ${hook}`);
});

it('keeps the initramfs tools of the base from running', () => {
  const { lines, contents } = record(undefined, { 'initramfs-tools': '1', mdadm: '1' });
  expect(contents.get('/etc/initramfs-tools/update-initramfs.conf')).toContain(
    'update_initramfs=no',
  );
  expect(contents.get('/etc/mdadm/mdadm.conf')).toBe('AUTO -all\n');
  expect(lines).toContain('remove /etc/kernel/postinst.d/initramfs-tools');
  expect(record(undefined).contents.has('/etc/mdadm/mdadm.conf')).toBe(false);
});

it('leaves a machine that stays itself its id, name and keys', () => {
  const { lines, contents } = record(undefined, {}, 'keep');
  const files = [...contents.keys()];
  expect(files).toContain('/etc/fstab');
  expect(files).not.toContain('/etc/machine-id');
  expect(files).not.toContain('/etc/hostname');
  expect(lines.join('\n')).not.toContain('ssh_host');
});

it('begins the journal with a small file, since it lies in memory', () => {
  const journal = record(undefined).contents.get('/etc/systemd/journald.conf.d/50-livesys.conf');
  expect(journal).toMatch(/^SystemMaxFileSize=2M$/m);
});

it('does at build what systemd would do at every start', () => {
  const { lines, contents } = record(undefined);
  expect(lines).toContain('ldconfig < ');
  expect(lines.join('\n')).toContain('exec systemd-sysusers');
  expect([...contents.keys()]).toEqual(expect.arrayContaining(['/etc/.updated', '/var/.updated']));
  const leftovers = lines.findIndex((line) => line.includes('aux-cache'));
  expect(lines.indexOf('ldconfig < ')).toBeLessThan(leftovers);
});
