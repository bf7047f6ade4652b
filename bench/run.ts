import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** The command line as it is installed, without the wrapper of this checkout. */
export const LIVESYS = fileURLToPath(new URL('../packages/cli/dist/main.js', import.meta.url));

export interface Ran {
  readonly seconds: number;
  readonly stdout: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  readonly onStart?: (pid: number) => void;
}

/** What ends the bench after {@link stopRuns}. */
export class Interrupted extends Error {}

const running = new Set<ChildProcess>();
let isStopped = false;

/** Ends what runs and lets nothing else begin, so that the folder of the run can be removed. */
export function stopRuns(): void {
  isStopped = true;
  for (const child of running) child.kill();
}

/** Throws after {@link stopRuns}. */
export function assertGoesOn(): void {
  if (isStopped) throw new Interrupted('The bench was interrupted.');
}

/** Runs a command to its end and tells how long it took. Throws when it fails. */
export async function run(argv: readonly string[], options: RunOptions = {}): Promise<Ran> {
  assertGoesOn();
  const started = performance.now();
  const child = spawn(argv[0] ?? '', argv.slice(1), {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: 'pipe',
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  child.stdin.end(options.input);
  running.add(child);
  if (child.pid !== undefined) options.onStart?.(child.pid);
  const [code] = (await once(child, 'close')) as [number | null];
  running.delete(child);
  const seconds = (performance.now() - started) / 1000;
  assertGoesOn();
  if (code !== 0) throw new Error(`${argv.join(' ')} ended with ${code}:\n${stdout}${stderr}`);
  return { seconds, stdout };
}
