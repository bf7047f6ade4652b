import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll } from 'vitest';
import { IMAGE, linkTools, loopsOf, makeDisk, makeMedium, RUNTIME, tool } from './live-media.ts';

const SCRIPT = fileURLToPath(new URL('live-machine.sh', import.meta.url));
const DATA_TYPE = '4c495645-5359-5344-4154-410a7b3d5e91';

/** A partition of the machine; `data` has the type of DATA. */
export interface Partition {
  readonly name: string;
  readonly image: string;
  readonly data?: boolean;
  readonly readOnly?: boolean;
}

export interface Boot {
  readonly arguments?: string;
  /** Commands that run in the live root. */
  readonly session?: string;
  /** The power goes after the session. */
  readonly crash?: boolean;
  readonly shell?: readonly string[];
  /** What is plugged in beside the medium; its DATA alone when left out. */
  readonly disks?: readonly Partition[];
  /** Files of the tree in which the machine is pretended, as shell commands. */
  readonly before?: string;
}

export interface Session {
  readonly status: number | null;
  readonly lines: readonly string[];
  readonly kmsg: string;
  /** The published state, empty after a failure. */
  readonly state: Readonly<Record<string, string>>;
  readonly notices: readonly string[];
  readonly root: string;
}

/** A machine with a stick: sda1 holds the layers l0 and l1, sda2 is DATA. To be called outside of any test. */
export class LiveMachine {
  work = '';
  medium = '';
  data = '';
  #boots = 0;

  constructor(lines: readonly string[]) {
    beforeAll(() => {
      this.work = mkdtempSync(join(tmpdir(), 'livesys-machine-'));
      linkTools(join(this.work, 'tools'));
      const { directory } = makeMedium(join(this.work, 'medium'), 2, { lines });
      this.medium = makeDisk(directory, '24M');
      this.data = join(this.work, 'data.img');
    });
    afterAll(() => {
      const left = loopsOf(this.work);
      rmSync(this.work, { recursive: true, force: true });
      if (left.length > 0) throw new Error(`left behind: ${left.join(', ')}`);
    });
  }

  /** An empty DATA, or another file system. */
  format(image = this.data, size = '64M', ...options: string[]): string {
    rmSync(image, { force: true });
    tool('mke2fs', '-q', '-t', 'ext4', '-L', 'LIVESYS-DATA', ...options, image, size);
    return image;
  }

  /** Changes a file system from outside, with the commands given in it. */
  change(commands: string, image = this.data): string {
    const script = 'mount -o loop "$1" "$2" && cd "$2" && eval "$3"';
    const at = join(this.work, 'outside');
    tool('mkdir', '-p', at);
    return tool('unshare', '-m', 'bash', '-ec', script, 'bash', image, at, commands);
  }

  partitions(): Partition[] {
    return [
      { name: 'sda1', image: this.medium, readOnly: true },
      { name: 'sda2', image: this.data, data: true },
    ];
  }

  boot(options: Boot = {}): Session {
    const root = join(this.work, `boot-${this.#boots++}`);
    const disks = [
      { name: 'sda1', image: this.medium, readOnly: true },
      ...(options.disks ?? [{ name: 'sda2', image: this.data, data: true }]),
    ];
    const result = spawnSync(
      'unshare',
      ['-m', 'bash', SCRIPT, root, ...(options.shell ?? ['/usr/bin/dash'])],
      {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
        env: {
          ...process.env,
          SCRIPTS: RUNTIME,
          LIVESYS_LIB: join(RUNTIME, 'lib'),
          LIVESYS_EXITRD: join(RUNTIME, 'exitrd'),
          TOOLS: join(this.work, 'tools'),
          ID: IMAGE,
          ARGUMENTS: options.arguments ?? '',
          SESSION: options.session ?? '',
          CRASH: options.crash === true ? '1' : '',
          BEFORE: options.before ?? '',
          DISKS: disks
            .map(({ name, image, data, readOnly }) =>
              [name, data ? DATA_TYPE : '-', readOnly ? 'ro' : 'rw', image].join(' '),
            )
            .join('\n'),
        },
      },
    );
    if (result.stderr !== '') throw new Error(result.stderr);
    const state = result.status === 0 ? readState(join(root, 'run/livesys/state')) : {};
    return {
      status: result.status,
      lines: result.stdout.split('\n').slice(0, -1),
      kmsg: readFileSync(join(root, 'kmsg'), 'utf8'),
      state,
      notices: Object.keys(state).flatMap((key) =>
        key.startsWith('notice_') ? [state[key] ?? ''] : [],
      ),
      root,
    };
  }
}

function readState(file: string): Record<string, string> {
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
}

/** Sound, and with nothing left to replay. */
export function expectClean(image: string): void {
  const { status, stdout } = spawnSync('e2fsck', ['-fn', image], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`e2fsck -fn: ${status}\n${stdout}`);
  if (tool('dumpe2fs', '-h', image).includes('needs_recovery'))
    throw new Error('there is a journal to replay');
}
