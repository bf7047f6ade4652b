import type { GeneralizeRequest, Ops } from '@livesys/core/plugin';
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

/** Records what must differ on a live system. */
export function generalize(ops: Ops, { facts, identity, hostname, user }: GeneralizeRequest): void {
  forgetDisks(ops, facts, { mdadm: '/etc/mdadm.conf' });
  if (identity === 'reset') resetIdentity(ops, hostname);
  maskUnwantedUnits(ops, ['dnf-makecache.timer', 'dnf5-makecache.timer']);
  resetNameServers(ops);
  secureSsh(ops, ['sshd-keygen.target', 'sshd.service', 'sshd.socket']);
  keepJournalFilesSmall(ops);
  // The layers carry the labels of the builder, so enforcing would let nothing start.
  if (facts.distro.securityModules.includes('selinux')) {
    ops.write('/etc/selinux/config', 'SELINUX=permissive\nSELINUXTYPE=targeted\n');
  }
  if (user !== undefined) addLiveUser(ops, user, { groups: [], sudoGroup: 'wheel', made: [] });
  bringUpToDate(ops);
  removeLeftovers(ops, ['/var/log/dnf5.log']);
}
