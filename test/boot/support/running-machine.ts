import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

import {
  type CommandEnd,
  runCommand,
  type RunningCommand,
  startCommand,
} from '../../namespace/support/livesys.ts';
import { REPOSITORY } from './image.ts';
import { run } from './run.ts';

/** Who uses it; may become root without a password. */
export const PERSON = { name: 'mira', id: 1000 };
/** Where her project is. */
export const PROJECT = `/home/${PERSON.name}/stick`;
/** A disk of another, where she wants the outputs. */
export const OUTPUT = '/mnt/out';

/** A whole system in use: its own root, mounts, host name, and no network. It has booted nothing. */
export interface RunningMachine {
  /** Its root file system, as it lies on this machine. */
  readonly root: string;
  /** What lies in {@link OUTPUT}, as it lies on this machine. */
  readonly output: string;
  /** Runs a shell script in it as root, and gives what it prints; fails where it fails. */
  shell(script: string): Promise<string>;
  /** Starts a shell script in it, as root, that goes on until it is told to end. */
  start(script: string): RunningCommand;
  /** Runs a command in it as its person does, in her project. */
  type(...argv: readonly string[]): Promise<CommandEnd>;
  /** Ends it: its mounts are gone with its last process. */
  dispose(): Promise<void>;
}

/** In /run, which no image has: this Node and this checkout. */
const NODE = '/run/node';
const CHECKOUT = '/run/livesys-checkout';

/** FOLDER CHECKOUT NODE: mounts a system with file systems of its own, enters it, and stays. */
const ENTER = `set -e
cd "$1"
hostname mira-desk
mount --bind root root
mount -o loop home.img root/home
mount -o loop var.img root/var
mount -t tmpfs -o mode=0755 tmpfs root/run
mount -t tmpfs tmpfs root/tmp
mkdir -p root/run/livesys-checkout root/run/node root/run/old root/mnt/out
mount --bind output root/mnt/out
mount --bind "$2" root/run/livesys-checkout
mount -o remount,bind,ro root/run/livesys-checkout
touch root/run/node/node
mount --bind "$3" root/run/node/node
mount -t proc proc root/proc
mount --rbind /sys root/sys
mount --rbind /dev root/dev
cd root
pivot_root . run/old
umount -l run/old
cd /
echo entered
exec cat`;

/**
 * Makes a running machine of a tree, which is moved to where the machine's root is: /home and /var
 * become file systems of their own. All of it lies in a folder.
 */
export async function startMachine(folder: string, tree: string): Promise<RunningMachine> {
  const root = join(folder, 'root');
  const output = join(folder, 'output');
  run(['mv', tree, root]);
  mkdirSync(output);
  chmodSync(output, 0o777);
  for (const [name, size] of Object.entries({ home: '256M', var: '8G' })) {
    const image = join(folder, `${name}.img`);
    run(['truncate', `--size=${size}`, image]);
    run(['mkfs.ext4', '-q', '-d', join(root, name), image]);
    run(['find', join(root, name), '-mindepth', '1', '-delete']);
  }
  const own = ['unshare', '--mount', '--net', '--uts', '--propagation', 'private'];
  const line = [...own, 'sh', '-c', ENTER, 'sh', folder, REPOSITORY, process.execPath];
  const holder = startCommand(line, { cwd: '/', lasting: true });
  await holder.said(/^entered$/m);
  const enter = [`--target=${holder.pid}`, '--mount', '--net', '--uts', '--'];
  const prefix = ['nsenter', ...enter];
  const script = (text: string): readonly string[] => ['sh', '-ec', `cd /\n${text}`];
  return {
    ...{ root, output },
    async shell(text) {
      const end = await runCommand(script(text), { cwd: '/', prefix, lasting: true });
      if (end.status !== 0) throw new Error(`exit ${end.status}\n${end.stdout}${end.stderr}`);
      return end.stdout;
    },
    start: (text) => startCommand(script(text), { cwd: '/', prefix, lasting: true }),
    async type(...argv) {
      const as = [`--reuid=${PERSON.id}`, `--regid=${PERSON.id}`, '--init-groups', '--reset-env'];
      const there = ['sh', '-c', 'cd "$1" && shift && exec "$@"', 'sh', PROJECT];
      return runCommand(argv, {
        ...{ cwd: '/', lasting: true },
        prefix: [...prefix, 'setpriv', ...as, ...there],
        env: { HOME: `/home/${PERSON.name}`, PATH: `${NODE}:${CHECKOUT}:/usr/sbin:/usr/bin` },
      });
    },
    async dispose() {
      holder.closeInput();
      await holder.ended;
    },
  };
}

/** What lets its person become root: `sudo` finds what she finds. */
export const SUDOERS = `Defaults:${PERSON.name} secure_path="${NODE}:${CHECKOUT}:/usr/sbin:/usr/bin"
${PERSON.name} ALL=(ALL) NOPASSWD: ALL
`;
