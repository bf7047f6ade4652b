import type { Ops } from '@livesys/core/plugin';

/**
 * Records that each live system is a machine of its own, with this host name. An empty machine-id lets
 * systemd make one without taking this for a first boot, which would enable every unit by its preset.
 */
export function resetIdentity(ops: Ops, hostname: string): void {
  ops.write('/etc/machine-id', '', { mode: 0o444 });
  ops.link('/etc/machine-id', '/var/lib/dbus/machine-id');
  ops.write('/etc/hostname', `${hostname}\n`);
  ops.write('/etc/hosts', hosts(hostname));
}

function hosts(hostname: string): string {
  return `127.0.0.1\tlocalhost
127.0.1.1\t${hostname}

::1\tlocalhost ip6-localhost ip6-loopback
ff02::1\tip6-allnodes
ff02::2\tip6-allrouters
`;
}
