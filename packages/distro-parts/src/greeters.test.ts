import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const SCRIPT = fileURLToPath(new URL('../shell/greeter-login.sh', import.meta.url));

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'livesys-greeters-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(path: string, content = '', mode = 0o644): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content, { mode });
}
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const install = (program: string): void => write(`usr/bin/${program}`, '', 0o755);

/** Runs it, with programs that only note that they were called. */
function logIn(password = 'some'): void {
  for (const name of ['groupadd', 'usermod'])
    write(`fake/${name}`, `#!/bin/sh\necho "${name} $*" >>'${root}/calls'\n`, 0o755);
  const env = { PATH: `${root}/fake:${process.env['PATH']}` };
  execFileSync('sh', [SCRIPT, root, 'live', password], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
}

it('is logged in by GDM, wherever its file lies', () => {
  write(
    'etc/gdm3/daemon.conf',
    '[daemon]\n# AutomaticLogin = user1\nWaylandEnable=false\n\n[security]\n',
  );
  write('etc/gdm/custom.conf', '[security]\n');
  logIn();
  expect(read('etc/gdm3/daemon.conf')).toBe(
    '[daemon]\nAutomaticLoginEnable=true\nAutomaticLogin=live\n# AutomaticLogin = user1\nWaylandEnable=false\n\n[security]\n',
  );
  expect(read('etc/gdm/custom.conf')).toBe(
    '[security]\n[daemon]\nAutomaticLoginEnable=true\nAutomaticLogin=live\n',
  );
});

it('is logged in by GDM where that was turned off', () => {
  write('etc/gdm3/custom.conf', '[daemon]\nAutomaticLoginEnable = false\n  AutomaticLogin =\n');
  logIn();
  expect(read('etc/gdm3/custom.conf')).toBe(
    '[daemon]\nAutomaticLoginEnable=true\nAutomaticLogin=live\n',
  );
});

it('is logged in by LightDM, in the session that was chosen', () => {
  install('lightdm');
  write('etc/lightdm/lightdm.conf', '[LightDM]\n\n[Seat:*]\nuser-session=xfce\nautologin-user=\n');
  logIn();
  expect(read('etc/lightdm/lightdm.conf')).toBe(
    '[LightDM]\n\n[Seat:*]\nautologin-user=live\nautologin-user-timeout=0\nuser-session=xfce\n',
  );
});

it('begins the first session by LightDM where nobody chose one and there is none by default', () => {
  install('lightdm');
  write('usr/share/xsessions/hidden.desktop', '[Desktop Entry]\nNoDisplay=true\n');
  write('usr/share/xsessions/openbox.desktop');
  logIn();
  expect(read('etc/lightdm/lightdm.conf')).toContain('autologin-session=openbox\n');
});

it.each(['lightdm-xsession', 'default'])(
  'leaves the session to LightDM where there is %s',
  (name) => {
    install('lightdm');
    write('usr/share/xsessions/awesome.desktop');
    write(`usr/share/xsessions/${name}.desktop`);
    logIn();
    expect(read('etc/lightdm/lightdm.conf')).not.toContain('session=');
  },
);

it.each(['sddm', 'plasmalogin'])('is logged in by %s, with a session', (name) => {
  install(name);
  write(`etc/${name}.conf`, '[Theme]\nCurrent=breeze\n[Autologin]\nRelogin=false\n');
  write('usr/share/xsessions/another.desktop');
  write('usr/share/wayland-sessions/plasma.desktop');
  logIn();
  expect(read(`etc/${name}.conf`)).toBe(
    '[Theme]\nCurrent=breeze\n[Autologin]\nUser=live\nSession=plasma\nRelogin=false\n',
  );
});

it('is logged in by LXDM', () => {
  write('etc/lxdm/lxdm.conf', '[base]\n# autologin=dgod\n[server]\n');
  logIn();
  expect(read('etc/lxdm/lxdm.conf')).toBe('[base]\nautologin=live\n# autologin=dgod\n[server]\n');
});

it.each([
  ['gdm3', 'etc/gdm3/daemon.conf', '[daemon]\nAutomaticLogin=kiosk\n'],
  ['lightdm', 'etc/lightdm/lightdm.conf.d/10-kiosk.conf', '[Seat:*]\nautologin-user=kiosk\n'],
  ['lxdm', 'etc/lxdm/lxdm.conf', '[base]\nautologin=kiosk\n'],
  ['sddm', 'etc/sddm.conf.d/kiosk.conf', '[Autologin]\nUser=kiosk\n'],
])('is not logged in where another is by %s', (program, path, content) => {
  install(program);
  write('usr/share/xsessions/kiosk.desktop');
  write(path, content);
  logIn();
  const etc = readdirSync(join(root, 'etc'), { recursive: true, withFileTypes: true });
  const files = etc.filter((entry) => entry.isFile());
  expect(files.map(({ name }) => name)).toEqual([basename(path)]);
  expect(read(path)).toBe(content);
});

it('gets no setting of a greeter that is not there, nor of SDDM without a session', () => {
  install('sddm');
  logIn();
  expect(existsSync(join(root, 'etc'))).toBe(false);
});

it('is the same when it is done again, and keeps the mode of a file', () => {
  write('etc/gdm3/daemon.conf', '[daemon]\n');
  chmodSync(join(root, 'etc/gdm3/daemon.conf'), 0o600);
  logIn();
  const once = read('etc/gdm3/daemon.conf');
  logIn();
  expect(read('etc/gdm3/daemon.conf')).toBe(once);
  expect(statSync(join(root, 'etc/gdm3/daemon.conf')).mode & 0o777).toBe(0o600);
});

it('joins the group that PAM asks for, where it does', () => {
  write('etc/pam.d/lightdm-autologin', 'auth required pam_succeed_if.so user ingroup autologin\n');
  logIn();
  expect(read('calls').split('\n')).toEqual([
    expect.stringMatching(/^groupadd .*autologin$/),
    expect.stringMatching(/^usermod .*autologin .*live$/),
    '',
  ]);
  rmSync(join(root, 'calls'));
  write('etc/pam.d/lightdm-autologin', '#auth required pam_succeed_if.so user ingroup autologin\n');
  logIn();
  expect(existsSync(join(root, 'calls'))).toBe(false);
});

describe('who has no password', () => {
  const RULE = 'auth sufficient pam_succeed_if.so quiet user = live\n';

  it('gets back to a screen that was locked, and by a greeter, once and nowhere else', () => {
    write('etc/pam.d/lightdm', '#%PAM-1.0\nauth include system-login\n');
    write('usr/lib/pam.d/kde', 'auth include system-local-login\n');
    for (const name of ['login', 'sshd', 'su', 'lightdm-autologin'])
      write(`etc/pam.d/${name}`, 'auth include system-login\n');
    logIn('none');
    logIn('none');
    expect(read('etc/pam.d/lightdm')).toBe(`${RULE}#%PAM-1.0\nauth include system-login\n`);
    expect(read('etc/pam.d/kde')).toBe(`${RULE}auth include system-local-login\n`);
    expect(read('usr/lib/pam.d/kde')).toBe('auth include system-local-login\n');
    const changed = readdirSync(join(root, 'etc/pam.d')).filter((name) =>
      read(`etc/pam.d/${name}`).includes(RULE),
    );
    expect(changed.sort()).toEqual(['kde', 'lightdm']);
  });

  it('is asked where there is one', () => {
    write('etc/pam.d/lightdm', 'auth include system-login\n');
    logIn('some');
    expect(read('etc/pam.d/lightdm')).toBe('auth include system-login\n');
  });
});
