import { spawnSync } from 'node:child_process';

/** Runs a command and gives what it prints, without the last newline. */
export function run(command: string, ...argv: string[]): string {
  const result = spawnSync(command, argv, { encoding: 'utf8', maxBuffer: 1 << 28 });
  if (result.status === 0) return result.stdout.replace(/\n$/, '');
  const why = result.error?.message ?? result.stderr;
  throw new Error(`${command} ${argv.join(' ')}: ${why}`);
}
