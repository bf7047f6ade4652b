import { spawn } from 'node:child_process';
import { mkdir, readFile, realpath, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withoutOctalEscapes } from '../probe/octal-escapes.ts';
import { CLEAN_ENVIRONMENT } from './command-runner.ts';
import { CommandShell, LOOP, type Shell } from './command-shell.ts';

function startShell(): Shell {
  const shell = spawn('sh', ['-c', LOOP], {
    env: CLEAN_ENVIRONMENT,
    stdio: ['pipe', 'pipe', 'ignore'],
  }) as Shell;
  // It ends with our end of its input; only while it is asked it keeps this process.
  shell.unref();
  shell.stdin.unref();
  return shell;
}

/**
 * Mounts of the sandbox. The namespace is private, so the kernel removes them with it. A root takes
 * two dozen of them, and starting each from Node costs three times as much as from a small process.
 */
const shell = new CommandShell(startShell, 'The shell that mounts what tasks see');
const mount = async (...argv: string[]): Promise<void> => shell.run(['mount', ...argv]);

/** Shows a folder or file at another place. */
export async function bind(
  from: string,
  to: string,
  options: { readonly writable?: boolean } = {},
): Promise<void> {
  if (options.writable === true) return mount('--bind', from, to);
  const real = await realpath(from);
  const entry = (await mountTable())
    .filter(({ at }) => at === '/' || real === at || real.startsWith(`${at}/`))
    .reduce((longest, one) => (one.at.length >= longest.at.length ? one : longest));
  await mount('-o', ['bind', 'ro', ...flagsOf(entry.flags)].join(','), from, to);
}

/** Shows a folder with everything mounted below it. */
export async function bindAll(from: string, to: string): Promise<void> {
  await mount('--rbind', from, to);
}

/**
 * Shows a folder with everything mounted below it, read-only. A user namespace must take all of
 * it: what its parent covered by a mount may not be uncovered.
 */
export async function bindAllReadOnly(from: string, to: string): Promise<void> {
  await bindAll(from, to);
  for (const { at } of await mountTable()) {
    if (at === to || at.startsWith(`${to}/`)) await remountReadOnly(at);
  }
}

/**
 * Makes one mount read-only. The flags it has are repeated, because a user namespace may not drop
 * what its parent set.
 */
export async function remountReadOnly(at: string): Promise<void> {
  const entry = (await mountTable()).findLast((one) => one.at === at);
  await mount('-o', ['remount', 'bind', 'ro', ...flagsOf(entry?.flags ?? [])].join(','), at);
}

const KEPT = new Set(['nosuid', 'nodev', 'noexec', 'noatime', 'nodiratime', 'relatime']);

function flagsOf(flags: readonly string[]): readonly string[] {
  return flags.filter((flag) => KEPT.has(flag));
}

export async function tmpfs(at: string, options = 'mode=0755'): Promise<void> {
  await mount('-t', 'tmpfs', '-o', options, 'livesys', at);
}

export async function procfs(at: string): Promise<void> {
  await mount('-t', 'proc', '-o', 'nosuid,nodev,noexec', 'proc', at);
}

/** Everything mounted, in order. */
export async function mountTable(): Promise<
  readonly { readonly at: string; readonly flags: readonly string[] }[]
> {
  const lines = (await readFile('/proc/self/mountinfo', 'utf8')).trimEnd().split('\n');
  return lines.map((line) => {
    const [, , , , at = '', flags = ''] = line.split(' ');
    return {
      at: withoutOctalEscapes(at),
      flags: flags.split(','),
    };
  });
}

/** An overlay over a flat list of lower folders, given from lowest to highest. */
export interface OverlayOptions {
  readonly lowers: readonly string[];
  /** Mount points for the lowers, so that no path needs escaping. */
  readonly lowerPoints: string;
  readonly at: string;
  readonly writable?: { readonly upper: string; readonly work: string };
  /** In a user namespace overlayfs keeps its marks in `user.` attributes. */
  readonly rootless: boolean;
}

/**
 * Mounts the overlay. Lowers are numbered, relative and given with the old mount call: util-linux
 * 2.39 and later fails at 256 bytes otherwise (util-linux#2287). An upper or a single lower alone
 * is a bind mount, because overlayfs wants two layers.
 */
export async function overlay(options: OverlayOptions): Promise<void> {
  const [only, ...more] = options.lowers;
  if (options.writable === undefined && only !== undefined && more.length === 0) {
    return bind(only, options.at);
  }
  const names: string[] = [];
  for (const [index, lower] of options.lowers.toReversed().entries()) {
    const name = String(index);
    await mkdir(join(options.lowerPoints, name), { recursive: true });
    await bind(lower, join(options.lowerPoints, name));
    names.push(name);
  }
  const upper =
    options.writable === undefined
      ? []
      : [`upperdir=${options.writable.upper}`, `workdir=${options.writable.work}`];
  const features = [
    'redirect_dir=off',
    'metacopy=off',
    'index=off',
    ...(options.rootless ? ['userxattr'] : []),
  ];
  // A user namespace may not set these features, which are off there anyway.
  const allowed = options.rootless ? ['userxattr'] : features;
  await shell.run(
    [
      'mount',
      '-t',
      'overlay',
      '-o',
      [...upper, ...allowed, `lowerdir=${names.join(':')}`].join(','),
      'livesys',
      options.at,
    ],
    { cwd: options.lowerPoints, env: { LIBMOUNT_FORCE_MOUNT2: 'always' } },
  );
}

const DEVICES = ['null', 'zero', 'full', 'random', 'urandom', 'tty'];

/** A small /dev: the harmless devices of the builder, pseudo terminals and shared memory. */
export async function devices(at: string): Promise<void> {
  await tmpfs(at);
  for (const name of DEVICES) {
    await writeFile(join(at, name), '');
    await bind(`/dev/${name}`, join(at, name), { writable: true });
  }
  await mkdir(join(at, 'pts'));
  await mkdir(join(at, 'shm'));
  await mount(
    '-t',
    'devpts',
    '-o',
    'newinstance,ptmxmode=0666,mode=0620',
    'devpts',
    join(at, 'pts'),
  );
  await tmpfs(join(at, 'shm'), 'mode=1777');
  await symlink('pts/ptmx', join(at, 'ptmx'));
  for (const [index, name] of ['stdin', 'stdout', 'stderr'].entries()) {
    await symlink(`/proc/self/fd/${index}`, join(at, name));
  }
  await symlink('/proc/self/fd', join(at, 'fd'));
}

export async function unmount(at: string): Promise<void> {
  await shell.run(['umount', at]);
}

/** Takes a mount and everything below it out of sight at once, and away when nothing uses it. */
export async function unmountAll(at: string): Promise<void> {
  await shell.run(['umount', '--lazy', at]);
}
