import { expect, it } from 'vitest';
import { blankPasswords } from './password-files.ts';

it.each([
  [
    '/etc/gdm3/daemon.conf',
    '[daemon]\nAutomaticLoginEnable = true\nAutomaticLogin = anna\nWaylandEnable=false\n',
    '[daemon]\nWaylandEnable=false\n',
  ],
  ['/etc/gdm/custom.conf', '[daemon]\nTimedLoginEnable=True\nTimedLogin=anna\n', '[daemon]\n'],
  [
    '/etc/lightdm/lightdm.conf',
    '[Seat:*]\n#autologin-user=\nautologin-user=anna\ngreeter-session=x\n',
    '[Seat:*]\n#autologin-user=\ngreeter-session=x\n',
  ],
  [
    '/etc/lightdm/lightdm.conf.d/a.conf',
    '[SeatDefaults]\nautologin-user = anna\n',
    '[SeatDefaults]\n',
  ],
  [
    '/etc/sddm.conf',
    '[Autologin]\nSession=plasma\nUser=anna\n[Users]\nUser=x\n',
    '[Autologin]\nSession=plasma\n[Users]\nUser=x\n',
  ],
  [
    '/etc/greetd/config.toml',
    '[initial_session]\ncommand = "sway"\nuser = "anna"\n[default_session]\nuser = "greeter"\n',
    '[default_session]\nuser = "greeter"\n',
  ],
  [
    '/etc/systemd/system/getty@tty1.service.d/override.conf',
    '[Service]\nExecStart=\nExecStart=-/sbin/agetty --autologin anna --noclear %I $TERM\nType=simple\n',
    '[Service]\nType=simple\n',
  ],
  [
    '/etc/systemd/system/getty@.service.d/a.conf',
    '[Service]\nExecStart=\nExecStart=-/sbin/agetty -a anna %I\n',
    '[Service]\n',
  ],
  [
    '/etc/systemd/system/getty@tty1.service.d/skip.conf',
    "[Service]\nExecStart=\nExecStart=-/sbin/agetty --skip-login --login-options 'anna' %I\n",
    '[Service]\n',
  ],
  [
    '/etc/systemd/system/getty@tty1.service',
    '[Service]\nExecStart=-/sbin/agetty --autologin anna --noclear %I $TERM\n',
    '[Service]\nExecStart=-/sbin/agetty --noclear %I $TERM\n',
  ],
])('logs nobody in who has no home: %s', (path, text, blank) => {
  expect(blankPasswords(path, text)).toBe(blank);
  expect(blankPasswords(path, blank)).toBe(blank);
  expect(blankPasswords(path, text, 'secrets')).toBe(text);
});

it('leaves root logged in, whose home is there, and gettys that ask', () => {
  const path = '/etc/systemd/system/getty@tty1.service.d/a.conf';
  for (const options of ['--autologin root', '--noclear', "-o '-p -- \\u'"]) {
    const text = `[Service]\nExecStart=\nExecStart=-/sbin/agetty ${options} %I $TERM\n`;
    expect(blankPasswords(path, text)).toBe(text);
  }
});
