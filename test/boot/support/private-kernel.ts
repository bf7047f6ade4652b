import { execFile } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { run } from './run.ts';

const INIT = fileURLToPath(new URL('./private-kernel/init', import.meta.url));
/** Taken from the machine as it is needed. */
const MEMORY = '2G';
const DISK = 16 * 2 ** 30;
/** Two workers take two processors. */
const PROCESSOR = (Number(process.env['VITEST_POOL_ID'] ?? 1) - 1) % availableParallelism();
/**
 * The memory of the kernel is a file, here one in memory. Its threads hand over to each other all
 * the time, which is several times slower from one processor to another.
 */
const START = `mount -t tmpfs -o size=100%,mode=700 memory "$1" && export TMPDIR="$1" && shift && exec taskset --cpu-list ${PROCESSOR} "$@"`;

/** A script for a kernel of its own. */
export interface Job {
  /**
   * What lies in `disk` is on a disk that only the job sees. What it writes to `out` is there
   * afterwards. It sees all other files of the builder and cannot write to them.
   */
  readonly folder: string;
  /** Shell commands. */
  readonly script: string;
  /** Images that it sees as /dev/ubdb and so on, and can write. */
  readonly drives?: readonly string[];
  readonly minutes: number;
}

/**
 * Runs a job as root in a kernel of its own, which has one processor, a clock that can be set, and
 * no network: User-mode Linux. It ends with this process.
 */
export async function runInPrivateKernel({
  folder,
  script,
  drives = [],
  minutes,
}: Job): Promise<void> {
  const at = (name: string): string => join(folder, name);
  for (const name of ['disk', 'out', 'memory']) mkdirSync(at(name), { recursive: true });
  copyFileSync(INIT, at('init'));
  chmodSync(at('init'), 0o755);
  writeFileSync(at('job'), script);
  writeFileSync(at('disk.img'), '');
  truncateSync(at('disk.img'), DISK);
  run(['mkfs.ext4', '-q', '-O', '^has_journal', '-d', at('disk'), at('disk.img')]);
  const kernel = [
    ...['linux.uml', 'quiet', `mem=${MEMORY}`, `uml_dir=${at('memory')}`],
    ...['root=/dev/root', 'rootfstype=hostfs', 'rootflags=/', 'ro', `init=${at('init')}`],
    ...[at('disk.img'), ...drives].map((file, index) => `ubd${index}=${file}`),
    ...['con=null', 'con0=null,fd:1'],
  ];
  const argv = [
    ...['setpriv', '--pdeathsig', 'KILL', 'unshare', '--mount', '--pid', '--fork', '--kill-child'],
    ...['--mount-proc', 'sh', '-c', START, 'sh', at('memory'), ...kernel],
  ];
  const { said, late } = await start(argv, minutes);
  if (readStatus(at('out/status')) === '0') return;
  const why = late ? `did not end within ${minutes} minutes` : 'failed';
  const end = said.trimEnd().split('\n').slice(-60).join('\n');
  throw new Error(`the job in the private kernel ${why}\n${end}`);
}

/** Runs a program to its end, or to the end of its time, and gives what it said. */
async function start(
  [program = '', ...argv]: readonly string[],
  minutes: number,
): Promise<{ readonly said: string; readonly late: boolean }> {
  const options = { timeout: minutes * 60_000, killSignal: 'SIGKILL', maxBuffer: 1 << 28 } as const;
  return new Promise((resolve) => {
    execFile(program, argv, options, (error, stdout, stderr) =>
      resolve({ said: `${stdout}${stderr}`, late: error?.killed ?? false }),
    );
  });
}

function readStatus(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return undefined;
  }
}
