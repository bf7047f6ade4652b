import { spawnSync } from 'node:child_process';

/** Runs a command and gives what it prints. */
export function run(command: string, ...argv: readonly string[]): string {
  const result = spawnSync(command, argv, { maxBuffer: 1 << 28, encoding: 'utf8' });
  if (result.status === 0) return result.stdout;
  throw new Error(
    `${command} ${argv.join(' ').slice(0, 400)}: ${result.error?.message ?? result.stderr}`,
  );
}
