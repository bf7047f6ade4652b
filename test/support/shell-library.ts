import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect } from 'vitest';

/** The shells that the boot code must run under. */
export const SHELLS: readonly (readonly [string, ...string[]])[] = [
  ['dash'],
  ['busybox', 'sh'],
  ['bash', '--norc', '--posix'],
  ['mksh'],
];
const LIBRARY = fileURLToPath(new URL('../../packages/runtime/shell/lib', import.meta.url));

/** A fake tree for the shell library, fresh for every test of the file that asks for it. */
export interface ShellLibrary {
  /** A path in the tree; scripts run with the tree as working directory. */
  path(name: string): string;
  /** Writes a file of the tree, directories included. */
  write(name: string, content: string | Uint8Array, mode?: number): void;
  /** A file of the tree, or nothing. */
  read(name: string): string;
  /** Runs a script with the library loaded and gives its lines; nothing may be said on stderr. */
  run(shell: readonly string[], script: string): string[];
  /** What a person would be told at the login. */
  notices(): string[];
}

/** To be called once, outside of any test. */
export function shellLibrary(): ShellLibrary {
  let tree = '';
  const path = (name: string) => join(tree, name);
  const write = (name: string, content: string | Uint8Array, mode = 0o644) => {
    mkdirSync(join(path(name), '..'), { recursive: true });
    writeFileSync(path(name), content, { mode });
  };
  const read = (name: string) => {
    try {
      return readFileSync(path(name), 'utf8');
    } catch {
      return '';
    }
  };

  beforeEach(() => {
    tree = mkdtempSync(join(tmpdir(), 'livesys-runtime-'));
    for (const directory of ['run', 'proc/self', 'dev', 'sys/class/block', 'sysroot', 'bin']) {
      mkdirSync(path(directory), { recursive: true });
    }
    write('proc/uptime', '12.50 3.00\n');
    write('proc/self/mountinfo', '');
    write('proc/filesystems', 'nodev\toverlay\n\tsquashfs\n');
  });
  afterEach(() => rmSync(tree, { recursive: true, force: true }));

  return {
    path,
    write,
    read,
    run: (shell, script) => runScript(tree, shell, script),
    notices: () => read('run/initramfs/livesys/state/notices').split('\n').slice(0, -1),
  };
}

function runScript(tree: string, shell: readonly string[], script: string): string[] {
  const lines = [
    'set -u',
    `. '${LIBRARY}/lib.sh'`,
    'livesys_set_paths; livesys_make_directories; livesys_reset_arguments; LIVESYS_CODE= LIVESYS_REASON= LIVESYS_STAGE=test',
    script,
  ];
  const [command, ...options] = shell;
  const result = spawnSync(command ?? 'sh', [...options, '-c', lines.join('\n')], {
    encoding: 'utf8',
    cwd: tree,
    // bash takes a socket on stdin for a remote shell and reads ~/.bashrc.
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      LC_ALL: 'C',
      PATH: `${tree}/bin:/usr/sbin:/usr/bin:/sbin:/bin`,
      LIVESYS_LIB: LIBRARY,
      LIVESYS_PREFIX: tree,
    },
  });
  expect(result.stderr).toBe('');
  return result.stdout.split('\n').slice(0, -1);
}
