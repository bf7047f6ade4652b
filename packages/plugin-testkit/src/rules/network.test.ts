import { expect, it } from 'vitest';
import { reachesNetwork } from './network.ts';

it.each([
  ['curl', 'file'],
  ['apt-get', '--config-file=x', 'install', 'tree'],
  ['pacman', '--config', 'x', '--sync', 'tree'],
  ['unshare', '--mount', '--', 'sh', '/tmp/build/pacman.sh', 'install', 'tree'],
  ['cat', 'https://example.org/'],
])('sees that %s reaches for the network', (...argv) => {
  expect(reachesNetwork(argv)).toBe(true);
});

it.each([
  ['unshare', '--mount', '--', 'sh', '/tmp/build/pacman.sh', 'keyring', 'folder'],
  ['sh', '-c', 'install x'],
  ['pacman', '--query'],
  ['unshare', '--mount', 'install'],
])('does not take %s for such a command', (...argv) => {
  expect(reachesNetwork(argv)).toBe(false);
});
