import type { Ops } from '@livesys/core/plugin';
import { enableUnit } from './units.ts';

const SSHD = `# Who knows no key has no way in: the live user needs no password at the console.
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitEmptyPasswords no
PermitRootLogin prohibit-password
`;

const hostKeysUnit = (before: readonly string[]): string => `[Unit]
Description=Make the SSH host keys of this live system
ConditionPathExists=/usr/bin/ssh-keygen
ConditionPathExists=!/etc/ssh/ssh_host_ed25519_key
Before=${before.join(' ')}

[Service]
Type=oneshot
ExecStart=/usr/bin/ssh-keygen -A

[Install]
WantedBy=multi-user.target
`;

const HOST_KEYS = ['dsa', 'ecdsa', 'ed25519', 'rsa'].flatMap((kind) => [
  `/etc/ssh/ssh_host_${kind}_key`,
  `/etc/ssh/ssh_host_${kind}_key.pub`,
]);

/**
 * Records that an SSH server takes no passwords, and that each live system makes host keys of its own
 * before `units` start, which are those of the server. Both files are harmless without a server, and
 * there when a layer or the user brings it.
 */
export function secureSsh(ops: Ops, units: readonly string[]): void {
  ops.write('/etc/ssh/sshd_config.d/00-livesys.conf', SSHD);
  enableUnit(ops, 'livesys-ssh-host-keys.service', hostKeysUnit(units));
}

/** Removes the keys that the installation of a server made, which no two machines may share. */
export function removeHostKeys(ops: Ops): void {
  for (const path of HOST_KEYS) ops.remove(path);
}
