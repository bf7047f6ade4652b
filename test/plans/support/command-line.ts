import { createProgram } from '../../../packages/cli/src/program.ts';
import type { Context } from '../../../packages/cli/src/terminal/context.ts';

/**
 * Why the command line cannot be understood, or undefined when it can. Nothing is carried out, so
 * a stand-in such as FILE will do for a path.
 */
export async function whyNotUnderstood(words: readonly string[]): Promise<string | undefined> {
  const program = createProgram(CONTEXT);
  for (const command of program.commands) silence(command);
  try {
    await program.parseAsync([...words], { from: 'user' });
    return undefined;
  } catch (error) {
    const { exitCode, message } = error as { exitCode?: number; message: string };
    return exitCode === 0 ? undefined : message;
  }
}

function silence(command: Command): void {
  // A group such as `livesys cache` does nothing by itself, and that is how text speaks of it.
  command.action(() => undefined);
  for (const inner of command.commands) silence(inner);
}

const output = { isTTY: false, columns: 80, rows: 24, write: () => undefined };
const CONTEXT: Context = {
  cwd: '/srv/project',
  env: {},
  user: { uid: 1000, home: '/home/user' },
  stdout: output,
  stderr: output,
  signal: new AbortController().signal,
  now: () => 0,
  loadEngine: async () => {
    throw new Error('nothing is carried out');
  },
};

type Command = ReturnType<typeof createProgram>['commands'][number];

/** Words of a line as a shell makes them, for lines without variables and such. */
export function shellWords(line: string): readonly string[] {
  return [...line.replace(/\s+#.*$/, '').matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, single, double, plain]) => single ?? double ?? plain ?? '',
  );
}
