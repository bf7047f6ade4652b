import { run } from '../../packages/cli/src/run.ts';
import type { Context } from '../../packages/cli/src/terminal/context.ts';

/** What a command line printed, and how it ended. */
export interface CommandLineEnd {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `livesys` in this process, for a person with a pipe in place of a terminal. */
export async function runCommandLine(
  argv: readonly string[],
  more: Partial<Context> = {},
): Promise<CommandLineEnd> {
  let [stdout, stderr] = ['', ''];
  const output = (write: (text: string) => void) => ({
    isTTY: false,
    columns: 80,
    rows: 24,
    write,
  });
  const code = await run(
    argv,
    {
      cwd: '/',
      env: { LANG: 'C.UTF-8', PATH: process.env['PATH'] },
      user: { uid: process.getuid?.() ?? 0, home: '/' },
      stdout: output((text) => (stdout += text)),
      stderr: output((text) => (stderr += text)),
      signal: new AbortController().signal,
      now: () => 0,
      loadEngine: async () => {
        throw new Error('this command needs no engine');
      },
      ...more,
    },
    () => undefined,
  );
  return { code, stdout, stderr };
}
