import type { Facts, GeneralizeRequest, Ops } from '@livesys/core/plugin';
import { removeLeftovers } from './build-environment.ts';
import { addLiveUser } from '@livesys/distro-parts';
import { USER_GROUPS } from './user-groups.ts';

/**
 * Units that are wrong on a live system: they ask at the console, unpack another program than ours
 * to switch off by (dracut-shutdown, mkinitcpio's), download behind the user's back, look after disks
 * that are not ours, or forget how a machine was to wake up that sleeps on its own disk.
 */
const MASKED = [
  'archlinux-keyring-wkd-sync.timer',
  'dracut-shutdown.service',
  'e2scrub_all.timer',
  'e2scrub_reap.service',
  'grub-btrfsd.service',
  'limine-snapper-sync.service',
  'mkinitcpio-generate-shutdown-ramfs.service',
  'pacman-filesdb-refresh.timer',
  'pamac-mirrorlist.timer',
  'reflector.timer',
  'snapper-boot.timer',
  'snapper-cleanup.timer',
  'snapper-timeline.timer',
  'systemd-firstboot.service',
  'systemd-hibernate-clear.service',
];

/**
 * Hooks that pacman runs for a kernel package. On a live system they would make a boot image and a
 * boot menu that nothing starts from, or fail, because `/` is no disk. A link to nowhere of the same
 * name is pacman's way to turn one off; presets and settings stay as they are.
 *
 * Names from the packages: mkinitcpio, booster, dracut with hooks (EndeavourOS's eos-dracut, CachyOS),
 * pacman-hook-kernel-install, CachyOS's systemd-boot-manager and limine-hook, limine-mkinitcpio-hook,
 * Garuda's update-grub.
 */
const KERNEL_HOOKS = [
  '10-limine-add-kernel',
  '10-limine-remove-kernel',
  '60-booster-remove',
  '60-dracut-remove',
  '60-kernel-install-remove',
  '60-limine-mkinitcpio-remove-pre',
  '60-mkinitcpio-remove',
  '80-limine-efi-deploy',
  '90-booster-install',
  '90-dracut-install',
  '90-kernel-install-add',
  '90-limine-mkinitcpio-remove-post',
  '90-mkinitcpio-install',
  '99-update-grub',
  'sdboot-kernel-remove',
  'sdboot-kernel-update',
  'sdboot-systemd-update',
];

const FSTAB = `# Nothing is mounted from here: the live system is put together before this is read.
`;

const KERNEL_NOTICE = `[Trigger]
Operation = Install
Operation = Upgrade
Type = Path
Target = usr/lib/modules/*/vmlinuz

[Action]
Description = This live system keeps starting the kernel of its medium.
When = PostTransaction
Exec = /usr/bin/true
`;

const HOST_KEYS_UNIT = `[Unit]
Description=Make the SSH host keys of this live system
ConditionPathExists=/usr/bin/ssh-keygen
ConditionPathExists=!/etc/ssh/ssh_host_ed25519_key
Before=sshdgenkeys.service sshd.service sshd.socket

[Service]
Type=oneshot
ExecStart=/usr/bin/ssh-keygen -A

[Install]
WantedBy=multi-user.target
`;

/** Each live system gets a secret of its own, as each installation of Arch does. */
const KEYRING_UNIT = `[Unit]
Description=Make the keyring that pacman checks packages with
ConditionPathExists=/usr/bin/pacman-key
ConditionPathExists=!/etc/pacman.d/gnupg/trustdb.gpg

[Service]
Type=oneshot
Nice=10
ExecStart=/usr/bin/pacman-key --init
ExecStart=/usr/bin/pacman-key --populate

[Install]
WantedBy=multi-user.target
`;

const SSHD = `# Who knows no key has no way in: the live user needs no password at the console.
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitEmptyPasswords no
PermitRootLogin prohibit-password
`;

const JOURNAL = `# A file of the journal gets its room when it is begun, an eighth of what the journal may have; without
# kept changes that is memory. How much the journal may have in all stays as it is.
[Journal]
SystemMaxFileSize=2M
RuntimeMaxFileSize=2M
`;

const UNITS = '/etc/systemd/system';

/** Records what must differ on a live system from the machine it was made of. */
export function generalize(ops: Ops, request: GeneralizeRequest): void {
  mounts(ops, request.facts);
  if (request.identity === 'reset') identity(ops, request.hostname);
  boot(ops);
  for (const unit of MASKED) ops.link('/dev/null', `${UNITS}/${unit}`);
  enable(ops, 'livesys-pacman-keyring.service', KEYRING_UNIT);
  network(ops);
  ops.write('/etc/systemd/journald.conf.d/50-livesys.conf', JOURNAL);
  if (request.user !== undefined) addLiveUser(ops, request.user, USER_GROUPS);
  bringUpToDate(ops);
}

/**
 * What systemd does once for each `/usr` it has not seen, and a live system, which forgets that it
 * was done, at every start: users and groups that files of packages ask for, and the linker's cache.
 */
function bringUpToDate(ops: Ops): void {
  ops.exec(['systemd-sysusers']);
  ops.exec(['ldconfig']);
  removeLeftovers(ops);
  for (const path of ['/etc/.updated', '/var/.updated']) ops.write(path, UPDATED);
}

const UPDATED = `# Written when the live system was made: its /usr is not newer than this file.
`;

/** Disks of the machine it came from: each line here would be waited for, or worse, be used. */
function mounts(ops: Ops, facts: Facts): void {
  const has = (name: string) => facts.distro.packages[name] !== undefined;
  ops.write('/etc/fstab', FSTAB);
  ops.link('../proc/self/mounts', '/etc/mtab');
  if (has('cryptsetup'))
    ops.write('/etc/crypttab', '# No encrypted disk belongs to this system.\n');
  if (has('mdadm')) ops.write('/etc/mdadm.conf', 'AUTO -all\n');
}

/**
 * An empty machine-id lets systemd make one without taking this for a first boot, which would
 * enable every unit by its preset.
 */
function identity(ops: Ops, hostname: string): void {
  ops.write('/etc/machine-id', '', { mode: 0o444 });
  ops.link('/etc/machine-id', '/var/lib/dbus/machine-id');
  ops.write('/etc/hostname', `${hostname}\n`);
  ops.write('/etc/hosts', hosts(hostname));
  // It trusts whoever has the secret key that it was made with.
  ops.remove('/etc/pacman.d/gnupg');
}

function hosts(hostname: string): string {
  return `127.0.0.1\tlocalhost
127.0.1.1\t${hostname}

::1\tlocalhost ip6-localhost ip6-loopback
ff02::1\tip6-allnodes
ff02::2\tip6-allrouters
`;
}

/**
 * Boot images of the distribution's own are not made, and the command line of the source, which
 * names its root and the partition it resumes from, is forgotten.
 */
function boot(ops: Ops): void {
  for (const hook of KERNEL_HOOKS) ops.link('/dev/null', `/etc/pacman.d/hooks/${hook}.hook`);
  ops.write('/etc/pacman.d/hooks/zz-livesys-kernel.hook', KERNEL_NOTICE);
  ops.remove('/etc/kernel/cmdline');
}

/**
 * Name servers of another network are forgotten. While packages are installed the file is the
 * builder's and cannot be replaced, so the link that systemd-resolved wants is made here.
 */
const RESET_RESOLV_CONF = `if [ -L /etc/resolv.conf ]; then exit 0; fi
if [ -e /usr/lib/systemd/systemd-resolved ]; then
  exec ln -sf ../run/systemd/resolve/stub-resolv.conf /etc/resolv.conf
fi
: >/etc/resolv.conf`;

/** Both files are harmless without sshd, and there when a layer or the user brings it. */
function network(ops: Ops): void {
  ops.exec(['sh', '-c', RESET_RESOLV_CONF]);
  ops.write('/etc/ssh/sshd_config.d/00-livesys.conf', SSHD);
  enable(ops, 'livesys-ssh-host-keys.service', HOST_KEYS_UNIT);
}

function enable(ops: Ops, unit: string, content: string): void {
  ops.write(`${UNITS}/${unit}`, content);
  ops.link(`${UNITS}/${unit}`, `${UNITS}/multi-user.target.wants/${unit}`);
}
