import type { Facts, GeneralizeRequest, Ops } from '@livesys/core/plugin';
import { removeLeftovers } from './build-environment.ts';
import { forgetDisks } from './disks.ts';
import { addLiveUser } from '@livesys/distro-parts';
import { USER_GROUPS } from './user-groups.ts';

/**
 * Units that are wrong on a live system: they ask at the console, unpack another program than ours
 * to switch off by (dracut-shutdown, finalrd), download behind the user's back, look after disks
 * that are not ours, or make the machine forget that another system of it is hibernated.
 */
const MASKED = [
  'apt-daily-upgrade.timer',
  'apt-daily.timer',
  'dracut-shutdown.service',
  'e2scrub_all.timer',
  'e2scrub_reap.service',
  'finalrd.service',
  'systemd-firstboot.service',
  'systemd-hibernate-clear.service',
];

/**
 * Hooks that a kernel package runs. On a live system they would make a boot image and a boot menu
 * that nothing starts from, or fail, because `/` is no disk. They are settings that an
 * administrator may delete, and dpkg does not bring back what was deleted.
 */
const KERNEL_HOOKS = ['postinst.d', 'postrm.d'].flatMap((folder) =>
  ['initramfs-tools', 'zz-flash-kernel', 'zz-systemd-boot', 'zz-u-boot-menu', 'zz-update-grub'].map(
    (name) => `/etc/kernel/${folder}/${name}`,
  ),
);

/** dracut's own package calls these by name when it is installed anew, and fails without them. */
const DRACUT_HOOKS = ['/etc/kernel/postinst.d/dracut', '/etc/kernel/postrm.d/dracut'];

/**
 * What packages of boot loaders look for to know that they are in use: with it they would write to
 * the disk that the original was started from, at the next upgrade.
 */
const BOOT_LOADERS = ['/boot/grub', '/boot/efi/EFI', '/boot/efi/loader', '/boot/loader'];

const KERNEL_NOTICE = `#!/bin/sh
echo "This live system keeps starting the kernel of its medium; kernel $1 is installed beside it." >&2
`;

const QUIET_HOOK = `#!/bin/sh
# A live system starts from the boot image of its medium.
`;

const HOST_KEYS_UNIT = `[Unit]
Description=Make the SSH host keys of this live system
ConditionPathExists=/usr/bin/ssh-keygen
ConditionPathExists=!/etc/ssh/ssh_host_ed25519_key
Before=ssh.service ssh.socket sshd.service

[Service]
Type=oneshot
ExecStart=/usr/bin/ssh-keygen -A

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
  forgetDisks(ops, request.facts);
  if (request.identity === 'reset') identity(ops, request.hostname);
  boot(ops, request.facts);
  for (const unit of MASKED) ops.link('/dev/null', `${UNITS}/${unit}`);
  network(ops);
  ops.write('/etc/systemd/journald.conf.d/50-livesys.conf', JOURNAL);
  if (request.user !== undefined) addLiveUser(ops, request.user, USER_GROUPS);
  bringUpToDate(ops);
  removeLeftovers(ops);
}

const MAKE_SYSTEM_USERS =
  'if command -v systemd-sysusers >/dev/null; then exec systemd-sysusers; fi';

/**
 * What systemd does once for each `/usr` it has not seen, and a live system, which forgets that it
 * was done, at every start: users and groups that files of packages ask for, and the linker's cache.
 */
function bringUpToDate(ops: Ops): void {
  ops.exec(['sh', '-c', MAKE_SYSTEM_USERS]);
  ops.exec(['ldconfig']);
  for (const path of ['/etc/.updated', '/var/.updated']) ops.write(path, UPDATED);
}

const UPDATED = `# Written when the live system was made: its /usr is not newer than this file.
`;

/**
 * An empty machine-id lets systemd make one without taking this for a first boot, which would
 * enable every unit by its preset.
 */
function identity(ops: Ops, hostname: string): void {
  ops.write('/etc/machine-id', '', { mode: 0o444 });
  ops.link('/etc/machine-id', '/var/lib/dbus/machine-id');
  ops.write('/etc/hostname', `${hostname}\n`);
  ops.write('/etc/hosts', hosts(hostname));
  // What root has at first lies nowhere but in his home, which is left out of the base.
  ops.exec(['cp', '--archive', '--no-clobber', '/etc/skel/.', '/root/']);
}

function hosts(hostname: string): string {
  return `127.0.0.1\tlocalhost
127.0.1.1\t${hostname}

::1\tlocalhost ip6-localhost ip6-loopback
ff02::1\tip6-allnodes
ff02::2\tip6-allrouters
`;
}

/** Boot images of the distribution's own are neither made nor resumed from. */
function boot(ops: Ops, facts: Facts): void {
  if (Object.keys(facts.distro.packages).some((name) => name.startsWith('initramfs-tools'))) {
    ops.write('/etc/initramfs-tools/update-initramfs.conf', UPDATE_INITRAMFS);
    ops.write('/etc/initramfs-tools/conf.d/resume', 'RESUME=none\n');
  }
  for (const path of [...KERNEL_HOOKS, ...BOOT_LOADERS]) ops.remove(path);
  for (const hook of DRACUT_HOOKS) {
    if (facts.distro.packages['dracut'] === undefined) ops.remove(hook);
    else ops.write(hook, QUIET_HOOK, { mode: 0o755 });
  }
  if (facts.distro.packages['grub-pc'] !== undefined) {
    ops.exec(['debconf-set-selections'], {
      stdin: 'grub-pc grub-pc/install_devices multiselect\n',
    });
  }
  ops.remove('/etc/kernel/cmdline');
  ops.write('/etc/kernel/postinst.d/zz-livesys', KERNEL_NOTICE, { mode: 0o755 });
}

const UPDATE_INITRAMFS = `# A live system starts from the boot image of its medium.
update_initramfs=no
backup_initramfs=no
`;

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
  const unit = 'livesys-ssh-host-keys.service';
  ops.write('/etc/ssh/sshd_config.d/00-livesys.conf', SSHD);
  ops.write(`${UNITS}/${unit}`, HOST_KEYS_UNIT);
  ops.link(`${UNITS}/${unit}`, `${UNITS}/multi-user.target.wants/${unit}`);
}
