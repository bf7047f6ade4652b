import type { Facts, GeneralizeRequest, Ops } from '@livesys/core/plugin';
import {
  addLiveUser,
  bringUpToDate,
  forgetDisks,
  keepJournalFilesSmall,
  maskUnwantedUnits,
  removeLeftovers,
  resetIdentity,
  resetNameServers,
  secureSsh,
} from '@livesys/distro-parts';
import { LEFTOVERS } from './build-environment.ts';
import { USER_GROUPS } from './user-groups.ts';

/** They download behind the user's back, or unpack another program than ours to switch off by. */
const UNWANTED_UNITS = ['apt-daily-upgrade.timer', 'apt-daily.timer', 'finalrd.service'];

/** Of the SSH server, by each name that it has had. */
const SSH_UNITS = ['ssh.service', 'ssh.socket', 'sshd.service'];

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

/** Records what must differ on a live system from the machine it was made of. */
export function generalize(ops: Ops, { facts, identity, hostname, user }: GeneralizeRequest): void {
  forgetDisks(ops, facts, { mdadm: '/etc/mdadm/mdadm.conf' });
  if (identity === 'reset') {
    resetIdentity(ops, hostname);
    // What root has at first lies nowhere but in his home, which is left out of the base.
    ops.exec(['cp', '--archive', '--no-clobber', '/etc/skel/.', '/root/']);
  }
  boot(ops, facts);
  maskUnwantedUnits(ops, UNWANTED_UNITS);
  resetNameServers(ops);
  secureSsh(ops, SSH_UNITS);
  keepJournalFilesSmall(ops);
  if (user !== undefined) addLiveUser(ops, user, USER_GROUPS);
  bringUpToDate(ops);
  removeLeftovers(ops, LEFTOVERS);
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
