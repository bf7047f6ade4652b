import type { Ops } from '@livesys/core/plugin';

const RESET = `if [ -L /etc/resolv.conf ]; then exit 0; fi
if [ -e /usr/lib/systemd/systemd-resolved ]; then
  exec ln -sf ../run/systemd/resolve/stub-resolv.conf /etc/resolv.conf
fi
: >/etc/resolv.conf`;

/**
 * Records that name servers of another network are forgotten. While packages are installed the file
 * is the builder's and cannot be replaced, so the link that systemd-resolved wants is made here.
 */
export function resetNameServers(ops: Ops): void {
  ops.exec(['sh', '-c', RESET]);
}
