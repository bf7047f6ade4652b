import { text, type LiveUser, type Ops } from '@livesys/core/plugin';

/** Groups that every Arch has, and that a person at the machine is given. */
const GROUPS = ['audio', 'lp', 'optical', 'storage', 'users', 'video'];

/** An argv cannot say "unless it is there": a user of that name may come from the source. */
const ADD_USER = `getent passwd "$1" >/dev/null || exec useradd --create-home --shell /bin/bash --user-group --comment 'Live user' -- "$1"`;

const UNITS = '/etc/systemd/system';

/** Records the live user: groups, password, console login, and the way to root. */
export function addLiveUser(ops: Ops, user: LiveUser): void {
  const groups = [...GROUPS, ...(user.sudo ? ['wheel'] : [])];
  for (const group of groups) ops.exec(['groupadd', '--force', '--system', group]);
  ops.exec(['sh', '-c', ADD_USER, 'livesys', user.name]);
  ops.exec(['usermod', '--append', '--groups', groups.join(','), user.name]);
  password(ops, user);
  if (user.sudo) {
    ops.write('/etc/sudoers.d/livesys', `${user.name} ALL=(ALL:ALL) NOPASSWD: ALL\n`, {
      mode: 0o440,
    });
  }
  if (user.autologin) autologin(ops, user.name);
  if (user.autologin && user.sudo) rescueShell(ops);
}

/** A locked password lets nobody in who would have to type one; autologin and keys still work. */
function password(ops: Ops, { name, password }: LiveUser): void {
  if (password === 'none') {
    ops.exec(['usermod', '--password', '!', name]);
    return;
  }
  const value = 'text' in password ? password.text : password.secret;
  ops.exec(['chpasswd'], { stdin: text`${name}:${value}\n` });
}

function autologin(ops: Ops, name: string): void {
  const getty = (service: string, options: string) =>
    ops.write(
      `${UNITS}/${service}.service.d/50-livesys-autologin.conf`,
      `[Service]\nExecStart=\nExecStart=-/usr/bin/agetty --autologin ${name} ${options} %I $TERM\n`,
    );
  getty('getty@tty1', '--noclear');
  getty('serial-getty@ttyS0', '--keep-baud 115200,57600,38400,9600');
}

/**
 * Root has no password on most live systems, and sulogin would then refuse the rescue shell. Who is
 * logged in by itself and may become root loses nothing by it.
 */
function rescueShell(ops: Ops): void {
  for (const service of ['emergency', 'rescue']) {
    ops.write(
      `${UNITS}/${service}.service.d/50-livesys-sulogin.conf`,
      '[Service]\nEnvironment=SYSTEMD_SULOGIN_FORCE=1\n',
    );
  }
}
