import { asset, type Ops, type Text } from '@livesys/core/plugin';

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

/** What pacman leaves behind that is no part of what it installed. */
export const LEFTOVERS: readonly string[] = ['/var/lib/pacman/db.lck', '/var/log/pacman.log'];
