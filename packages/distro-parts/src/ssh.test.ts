import { expect, it } from 'vitest';
import { recordedBy } from '../../../test/support/recorded-ops.ts';
import { removeHostKeys, secureSsh } from './ssh.ts';

it('refuses passwords and makes host keys on the live system, before the server starts', () => {
  const { lines, contents } = recordedBy((ops) => secureSsh(ops, ['ssh.service', 'ssh.socket']));
  expect(contents.get('/etc/ssh/sshd_config.d/00-livesys.conf')).toContain(
    'PasswordAuthentication no',
  );
  const unit = contents.get('/etc/systemd/system/livesys-ssh-host-keys.service');
  expect(unit).toMatch(/^Before=ssh.service ssh.socket$/m);
  // Those of the base and of packages are left out; any that is there was laid there by the user.
  expect(lines.join('\n')).not.toContain('remove');
  expect(lines.join('\n')).toContain('multi-user.target.wants/livesys-ssh-host-keys.service');
});

it('removes both halves of every host key', () => {
  const { lines } = recordedBy(removeHostKeys);
  expect(lines).toContain('remove /etc/ssh/ssh_host_ed25519_key');
  expect(lines).toContain('remove /etc/ssh/ssh_host_rsa_key.pub');
});
