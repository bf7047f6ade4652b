import { text, type GeneralizeRequest, type LiveUser, type Ops } from '@livesys/core/plugin';

const UNITS = '/etc/systemd/system';
const MASKED = ['dnf5-makecache.timer', 'dnf-makecache.timer', 'systemd-firstboot.service'];

/** Records what must differ on a live system. */
export function generalize(ops: Ops, { hostname, user, facts }: GeneralizeRequest): void {
  ops.write('/etc/fstab', '# A live system mounts nothing from here.\n');
  ops.write('/etc/machine-id', '', { mode: 0o444 });
  ops.write('/etc/hostname', `${hostname}\n`);
  for (const unit of MASKED) ops.link('/dev/null', `${UNITS}/${unit}`);
  // The layers carry the labels of the builder, so enforcing would let nothing start.
  if (facts.distro.securityModules.includes('selinux')) {
    ops.write('/etc/selinux/config', 'SELINUX=permissive\nSELINUXTYPE=targeted\n');
  }
  if (user !== undefined) addUser(ops, user);
}

function addUser(ops: Ops, { name, password, autologin, sudo }: LiveUser): void {
  const groups = sudo ? ['--groups', 'wheel'] : [];
  ops.exec(['useradd', '--create-home', ...groups, name]);
  if (password === 'none') ops.exec(['usermod', '--password', '!', name]);
  else {
    const value = 'text' in password ? password.text : password.secret;
    ops.exec(['chpasswd'], { stdin: text`${name}:${value}\n` });
  }
  if (sudo) {
    ops.write('/etc/sudoers.d/livesys', `${name} ALL=(ALL) NOPASSWD: ALL\n`, { mode: 0o440 });
  }
  if (autologin) {
    ops.write(
      `${UNITS}/getty@tty1.service.d/50-livesys.conf`,
      `[Service]\nExecStart=\nExecStart=-/sbin/agetty --autologin ${name} --noclear %I $TERM\n`,
    );
  }
}
