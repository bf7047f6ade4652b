import { expect, it } from 'vitest';
import type { LiveUser } from '@livesys/core/plugin';
import { generalizationBy } from '../../../test/support/recorded-ops.ts';
import { generalize } from './generalize.ts';

const USER: LiveUser = { name: 'live', password: 'none', autologin: true, sudo: true };

const record = generalizationBy(generalize);

it('makes a new machine with a live user, who may become root', () => {
  const { lines, contents } = record(USER);
  expect(contents.get('/etc/hostname')).toBe('box\n');
  expect(lines).toContain('cp --archive --no-clobber /etc/skel/. /root/ < ');
  expect(lines.join('\n')).toMatch(/usermod --append --groups audio,.*,netdev,sudo live/);
});

it('starts nothing that downloads, or that waits for a disk or an answer', () => {
  const { lines } = record(undefined);
  for (const unit of ['apt-daily.timer', 'finalrd.service', 'systemd-firstboot.service'])
    expect(lines).toContain(`link /etc/systemd/system/${unit} /dev/null`);
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

it('clears away what bringing the system up to date leaves behind', () => {
  const { lines } = record(undefined);
  const leftovers = lines.indexOf('remove /var/cache/ldconfig/aux-cache');
  expect(leftovers).toBeGreaterThan(lines.indexOf('ldconfig < '));
});
