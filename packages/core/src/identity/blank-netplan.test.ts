import { expect, it } from 'vitest';
import { blankPasswords } from './password-files.ts';

const blank = (text: string): string => {
  const once = blankPasswords('/etc/netplan/50-cloud-init.yaml', text);
  expect(blankPasswords('/etc/netplan/50-cloud-init.yaml', once)).toBe(once);
  return once;
};
const NOTHING = 'network:\n  version: 2\n';
const WIRED = `# Written by an installer.
network:
  version: 2
  ethernets:
    enp1s0:
      match: {macaddress: "52:54:00:12:34:56"}
      addresses:
        - 10.0.0.2/24
      routes: [{to: default, via: 10.0.0.1}]
      nameservers:
        addresses: [10.0.0.1]
`;

it('leaves a wired network as it is', () => {
  expect(blank(WIRED)).toBe(WIRED);
});

it('takes out parts with secrets, and leaves the rest', () => {
  const auth = `      auth:
        method: ttls
        password: hidden
      dhcp4: true
`;
  const radio = `  wifis:
    wlan0:
      access-points:
        "home: 1":
          password: |
            hidden
  tunnels:
    wg0:
      mode: wireguard
      key: hidden
`;
  expect(blank(`${WIRED}${auth}${radio}  bridges:\n    br0: {}\n# password: hidden\n`)).toBe(
    `${WIRED}      dhcp4: true\n  bridges:\n    br0: {}\n`,
  );
});

it.each([
  'network: {version: 2, wifis: {wlan0: {access-points: {home: {password: hidden}}}}}\n',
  'network:\n  wifis: {wlan0: {access-points: {home: {\n    password: hidden}}}}\n',
  'network:\n  ethernets:\n    e:\n      "pass\\x77ord": hidden\n',
  'network:\n  ethernets:\n    e:\n      name: >\n        hidden\n',
  '{"network":{"version":2,"wifis":{"w":{"access-points":{"h":{"password":"hidden"}}}}}}\n',
  'hidden\n',
])('leaves nothing of a file that is written in another way: %s', (text) => {
  expect(blank(text)).toBe(NOTHING);
});
