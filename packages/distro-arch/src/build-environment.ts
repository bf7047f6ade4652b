import { asset, text, type Ops, type Text } from '@livesys/core/plugin';

/** Where the adapter keeps its files while a task runs; seen the same inside and outside. */
export const BUILD_FOLDER = '/tmp/livesys-build';

const SCRIPT = asset(import.meta.url, '../shell/pacman.sh', { mode: 0o755 });
const SCRIPT_PATH = `${BUILD_FOLDER}/pacman.sh`;

/** In namespaces of its own, so that what it mounts and the agents that gpg starts end with it. */
const APART = [
  ...['unshare', '--mount', '--propagation', 'private'],
  ...['--pid', '--fork', '--kill-child', '--'],
];

/** Lays the script down that {@link pacmanScript} runs. */
export function writeScript(ops: Ops): void {
  ops.copy(ops.input(SCRIPT), SCRIPT_PATH, { mode: 0o755 });
}

/** Records one use of our script. */
export function pacmanScript(ops: Ops, ...words: readonly Text[]): void {
  ops.exec([...APART, 'sh', SCRIPT_PATH, ...words]);
}

/** What package managers leave behind that is no part of what they installed. */
const LEFTOVERS = [
  '/etc/.pwd.lock',
  '/etc/.updated',
  '/etc/group-',
  '/etc/gshadow-',
  '/etc/passwd-',
  '/etc/shadow-',
  '/etc/subgid-',
  '/etc/subuid-',
  '/var/.updated',
  '/var/cache/ldconfig/aux-cache',
  '/var/lib/pacman/db.lck',
  '/var/log/fontconfig.log',
  '/var/log/pacman.log',
];

/** Removes what an installation left in a root. */
export function removeLeftovers(ops: Ops, root: Text = ''): void {
  for (const path of LEFTOVERS) ops.remove(text`${root}${path}`);
}

const HOST_KEYS = ['dsa', 'ecdsa', 'ed25519', 'rsa'].flatMap((kind) => [
  `/etc/ssh/ssh_host_${kind}_key`,
  `/etc/ssh/ssh_host_${kind}_key.pub`,
]);

/** Removes what an installation made for this one machine: keys and ids that must not be shared. */
export function removeIdentity(ops: Ops): void {
  for (const path of HOST_KEYS) ops.remove(path);
}
