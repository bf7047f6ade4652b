import { expect, it } from 'vitest';
import { SECRETS } from '../identity/secrets.ts';
import { SecretFinder } from './secret-finder.ts';

const found = (...paths: readonly string[]): readonly string[] => {
  const finder = new SecretFinder(SECRETS);
  for (const path of paths) finder.add(path.replace(/\/$/, ''), path.endsWith('/'));
  return finder.findings().map(({ path, kind }) => `${path}: ${kind}`);
};

it('tells a folder of secrets once, and none that is empty', () => {
  expect(
    found(
      '/etc/NetworkManager/system-connections/',
      '/etc/NetworkManager/system-connections/home.nmconnection',
      '/etc/NetworkManager/system-connections/work.nmconnection',
      '/etc/wireguard/',
    ),
  ).toEqual(['/etc/NetworkManager/system-connections/: a Wi-Fi network']);
});

it.each([
  ['/home/anna/.ssh/id_ed25519', '/home/anna/.ssh/: SSH of a person'],
  ['/root/.bash_history', '/root/.bash_history: a history'],
  ['/srv/homes/anna/.aws/credentials', '/srv/homes/anna/.aws/: a token or password of a service'],
  ['/etc/ssh/ssh_host_rsa_key', '/etc/ssh/ssh_host_rsa_key: a host key of SSH'],
  ['/etc/machine-id', '/etc/machine-id: the identity of the machine'],
  [
    '/home/anna/.local/share/keyrings/login.keyring',
    '/home/anna/.local/share/keyrings/: a key ring or wallet',
  ],
  ['/home/anna/.mozilla/firefox/x/logins.json', '/home/anna/.mozilla/: a browser or mail profile'],
  ['/var/log/apt/history.log', '/var/log/apt/history.log: a log'],
  ['/etc/shadow-', '/etc/shadow-: an older password file'],
])('knows %s', (path, line) => {
  expect(found(path)).toEqual([line]);
});

it.each([
  '/etc/passwd',
  '/usr/bin/ssh',
  '/var/log/apt/',
  '/etc/ssh/sshd_config',
  '/etc/skel/.bashrc',
])('sees nothing in %s', (path) => {
  expect(found(path)).toEqual([]);
});
