import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeRoot } from './root-tree.ts';
import { run } from './run.ts';

/** A config with its source and a cache of its own: a build of it takes seconds and no network. */
export interface Project {
  /** Holds the config. */
  readonly folder: string;
  readonly cache: string;
  /** What the build makes. */
  readonly output: string;
  /** Told by the config: what it and its plugins were run as, by `config` and `plugin`. */
  readonly seen: string;
  readonly env: Readonly<Record<string, string>>;
  /** Lets the task that installs the tools run on until {@link release}; a stubborn one ignores SIGTERM. */
  hold(how?: 'stubborn'): void;
  release(): void;
  isHeld(): boolean;
  /** Lets the boot image take seconds, in which it tells percentages. */
  slowDown(): void;
}

const CONFIGS = fileURLToPath(new URL('./tiny/', import.meta.url));

export interface ProjectOptions {
  /** Whose project and cache it is. Default: root's. */
  readonly owner?: { readonly uid: number; readonly gid: number };
  /** Default: beside the config's folder. */
  readonly cache?: string;
  /** Programs that its source has, beside those that every build runs. Default: none. */
  readonly programs?: readonly string[];
}

/** Makes the project in a new folder: the config's, its source, and what the config tells. */
export function makeProject(parent: string, options: ProjectOptions = {}): Project {
  const { owner = { uid: 0, gid: 0 }, cache = join(parent, 'cache'), programs = [] } = options;
  const [folder, seen] = [join(parent, 'project'), join(parent, 'seen')];
  const talk = join(cache, 'downloads/talk');
  for (const path of [folder, seen, talk]) mkdirSync(path, { recursive: true });
  cpSync(CONFIGS, folder, { recursive: true });
  makeSource(join(parent, 'root'), programs);
  run('chown', '-R', `${owner.uid}:${owner.gid}`, parent, cache);
  return {
    ...{ folder, cache, seen },
    output: join(folder, 'dist/tiny-1.iso'),
    env: { LIVESYS_CACHE: cache },
    hold(how) {
      for (const name of ['running', 'stubborn']) rmSync(join(talk, name), { force: true });
      writeFileSync(join(talk, 'hold'), '');
      if (how !== undefined) writeFileSync(join(talk, how), '');
    },
    release: () => rmSync(join(talk, 'hold'), { force: true }),
    isHeld: () => existsSync(join(talk, 'running')),
    slowDown: () => writeFileSync(join(talk, 'slow'), ''),
  };
}

/** A root with the programs that a build runs in it, and with what the steps look for. */
function makeSource(root: string, programs: readonly string[]): void {
  makeRoot(root, ['tar', 'getfattr', 'mksquashfs', 'veritysetup', 'xorriso', ...programs]);
  const files = {
    'etc/os-release': 'ID=tiny\nVERSION_ID=1\nPRETTY_NAME="Tiny 1"\n',
    'boot/vmlinuz': 'kernel\n',
    'usr/share/tiny': 'a root has something in /usr\n',
    'talk/.keep': '',
  };
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
}
