import { spawnSync } from 'node:child_process';

/** Runs a command and gives what it prints; fails with the end of all that it said. */
export function run(argv: readonly string[]): string {
  const [program = '', ...rest] = argv;
  const result = spawnSync(program, rest, { encoding: 'utf8', cwd: '/', maxBuffer: 1 << 28 });
  if (result.status === 0) return result.stdout;
  const said = `${result.stdout}${result.stderr}`.trimEnd().split('\n').slice(-60).join('\n');
  throw new Error(
    `${argv.join(' ')}: exit ${result.status} ${String(result.error ?? '')}\n${said}`,
  );
}
