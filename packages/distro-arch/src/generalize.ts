import type { GeneralizeRequest, Ops } from '@livesys/core/plugin';
import {
  addLiveUser,
  bringUpToDate,
  enableUnit,
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

/**
 * They unpack another program than ours to switch off by, download behind the user's back, or look
 * after disks that are not ours.
 */
const UNWANTED_UNITS = [
  'archlinux-keyring-wkd-sync.timer',
  'grub-btrfsd.service',
  'limine-snapper-sync.service',
  'mkinitcpio-generate-shutdown-ramfs.service',
  'pacman-filesdb-refresh.timer',
  'pamac-mirrorlist.timer',
  'reflector.timer',
  'snapper-boot.timer',
  'snapper-cleanup.timer',
  'snapper-timeline.timer',
];

const SSH_UNITS = ['sshdgenkeys.service', 'sshd.service', 'sshd.socket'];

/**
 * Hooks that pacman runs for a kernel package. On a live system they would make a boot image and a
 * boot menu that nothing starts from, or fail, because `/` is no disk. A link to nowhere of the same
 * name is pacman's way to turn one off; presets and settings stay as they are.
 *
 * Names from the packages: mkinitcpio, booster, dracut with hooks (EndeavourOS's eos-dracut, CachyOS),
 * pacman-hook-kernel-install, systemd-boot-pacman-hook, CachyOS's systemd-boot-manager and limine-hook,
 * limine-mkinitcpio-hook, Garuda's update-grub.
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
  '95-systemd-boot',
  '99-update-grub',
  'sdboot-kernel-remove',
  'sdboot-kernel-update',
  'sdboot-systemd-update',
];

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

/** Records what must differ on a live system from the machine it was made of. */
export function generalize(ops: Ops, { facts, identity, hostname, user }: GeneralizeRequest): void {
  forgetDisks(ops, facts, { mdadm: '/etc/mdadm.conf' });
  if (identity === 'reset') {
    resetIdentity(ops, hostname);
    // It trusts whoever has the secret key that it was made with.
    ops.remove('/etc/pacman.d/gnupg');
  }
  boot(ops);
  maskUnwantedUnits(ops, UNWANTED_UNITS);
  enableUnit(ops, 'livesys-pacman-keyring.service', KEYRING_UNIT);
  resetNameServers(ops);
  secureSsh(ops, SSH_UNITS);
  keepJournalFilesSmall(ops);
  if (user !== undefined) addLiveUser(ops, user, USER_GROUPS);
  bringUpToDate(ops);
  removeLeftovers(ops, LEFTOVERS);
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
