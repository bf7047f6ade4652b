import { expect, it } from 'vitest';
import { blankPasswords } from './password-files.ts';

const S = 'q7Zr4vXw';

it.each([
  [
    '/etc/apt/sources.list',
    `deb [arch=amd64] https://me:${S}@apt.example.org/debian x main`,
    'deb [arch=amd64] https://apt.example.org/debian x main',
  ],
  [
    '/etc/apt/sources.list.d/x.sources',
    `URIs: https://${S}@apt.example.org/x`,
    'URIs: https://apt.example.org/x',
  ],
  [
    '/etc/apt/apt.conf.d/90proxy',
    `Acquire::http::Proxy "http://me:p@${S}@proxy:3128/";`,
    'Acquire::http::Proxy "http://proxy:3128/";',
  ],
  [
    '/etc/pacman.d/mirrorlist',
    `Server = https://me:${S}@mirror.example.org/$repo/os/$arch`,
    'Server = https://mirror.example.org/$repo/os/$arch',
  ],
  ['/etc/gitconfig', `[url "https://x:${S}@git.example.org/"]`, '[url "https://git.example.org/"]'],
  ['/etc/gitconfig', `\textraheader = Authorization: Basic ${S}`, '# A password was here.'],
  ['/etc/wgetrc', `http_password = ${S}`, '# A password was here.'],
  ['/etc/environment', `GITHUB_TOKEN="a ${S}"`, 'GITHUB_TOKEN='],
  ['/etc/profile.d/x.sh', `export DB_PASS=${S}`, 'export DB_PASS='],
  [
    '/etc/default/agent',
    `ARGS="--server https://x --token=${S} --verbose"`,
    'ARGS="--server https://x --token= --verbose"',
  ],
  [
    '/etc/systemd/system/x.service',
    `ExecStart=/usr/bin/x --auth-key ${S} run`,
    'ExecStart=/usr/bin/x --auth-key  run',
  ],
  [
    '/etc/systemd/system/x.service.d/a.conf',
    `Environment=A=1 X_TOKEN=${S} B=2`,
    'Environment=A=1 X_TOKEN= B=2',
  ],
  [
    '/etc/systemd/system/x.service.d/a.conf',
    `Environment="A=1" "API_KEY=a ${S}"`,
    'Environment="A=1" "API_KEY="',
  ],
  ['/etc/systemd/system/x.service.d/a.conf', `SetCredential=key:${S}`, 'SetCredential=key:'],
  ['/etc/network/interfaces.d/wlan0', `  wpa-psk ${S}`, '  # A password was here.'],
])('in %s: %s', (path, line, blank) => {
  expect(blankPasswords(path, `${line}\nnext\n`)).toBe(`${blank}\nnext\n`);
  expect(blankPasswords(path, `${blank}\nnext\n`)).toBe(`${blank}\nnext\n`);
});

it.each([
  'TOKEN=$(cat /run/token)',
  'if [ "$PASSWORD" = x ]; then PASSWORD="$1"; fi',
  'SUDO_ASKPASS=/usr/bin/ask',
  'X_TOKEN_FILE=/run/token',
  'KEYMAP=de',
  'git clone ssh://git@git.example.org/x',
  'a=http://host:80/a@b',
  'ExecStart=/usr/bin/x --password --ask',
])('leaves %s as it is', (line) => {
  expect(blankPasswords('/etc/profile.d/x.sh', line)).toBe(line);
});

it('takes what snapd shows its store out of its state, which stays JSON with its snaps', () => {
  const state = {
    data: {
      auth: {
        'last-id': 1,
        users: [{ id: 1, email: S, macaroon: `a"\\${S}`, discharges: [S], 'store-macaroon': S }],
        device: { brand: 'generic', 'session-macaroon': S },
        'macaroon-key': S,
      },
      snaps: { core: { active: true } },
    },
  };
  const blank = blankPasswords('/var/lib/snapd/state.json', JSON.stringify(state));
  expect(blank).not.toContain(S);
  expect(JSON.parse(blank)).toMatchObject({
    data: { auth: { 'last-id': 1, device: { brand: 'generic' } }, snaps: state.data.snaps },
  });
});
