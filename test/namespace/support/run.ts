import { spawnSync } from 'node:child_process';

/** Runs a command and gives what it prints, without the last newline. */
export function run(command: string, ...argv: string[]): string {
  return runBytes(command, ...argv)
    .toString('utf8')
    .replace(/\n$/, '');
}

/** As {@link run}, for what need not be text. */
export function runBytes(command: string, ...argv: string[]): Buffer {
  const result = spawnSync(command, argv, { maxBuffer: 1 << 28 });
  if (result.status === 0) return result.stdout;
  const why = result.error?.message ?? result.stderr.toString();
  throw new Error(`${command} ${argv.join(' ')}: ${why}`);
}
