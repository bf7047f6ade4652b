import { CommanderError } from '@commander-js/extra-typings';

import { createProgram } from './program.ts';
import type { Context } from './terminal/context.ts';
import { withSudoLine } from './terminal/sudo-line.ts';
import { asKnownError, formatError, isKnownError } from './terminal/print-error.ts';

/** Runs one command line to its end; gives the exit code. Errors are printed here and only here. */
export async function run(
  argv: readonly string[],
  context: Context,
  interrupted: () => number | undefined,
): Promise<number> {
  const debug = wantsDebug(argv);
  const program = createProgram(context);
  const args = argv.filter((argument) => !(debug && argument === '--debug'));
  try {
    if (args.length === 0) {
      context.stderr.write(program.helpInformation());
      return 2;
    }
    await program.parseAsync([...args], { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    if (error instanceof CommanderError && error.code === 'commander.help') {
      const group = program.commands.find((command) => command.name() === args[0]) ?? program;
      context.stderr.write(group.helpInformation());
      return 2;
    }
    const explained = withSudoLine(await explain(error, interrupted()), argv);
    context.stderr.write(formatError(explained, { debug }));
    return asKnownError(explained).exitCode;
  }
}

/** `--debug` anywhere before `--`, also where the command line is otherwise wrong. */
function wantsDebug(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  return argv.slice(0, end < 0 ? undefined : end).includes('--debug');
}

/** Gives errors of others the form of our own. */
async function explain(error: unknown, interruptedWith: number | undefined): Promise<unknown> {
  const { LivesysError } = await import('@livesys/core/plugin');
  if (interruptedWith !== undefined) {
    const interruption =
      isKnownError(error) && error.code === 'LIVESYS_INTERRUPTED'
        ? error
        : new LivesysError('LIVESYS_INTERRUPTED', 'Interrupted.', { cause: error });
    return Object.assign(interruption, { exitCode: interruptedWith });
  }
  if (!(error instanceof CommanderError)) return error;
  return new LivesysError('LIVESYS_USAGE', usageMessage(error.message), { cause: error });
}

/** `error: unknown command 'bild'\n(Did you mean build?)` in our words. */
function usageMessage(message: string): string {
  const [first = '', ...rest] = message.replace(/^error: /, '').split('\n');
  const [, nearest] = /\(Did you mean (?:one of )?(.*)\?\)/.exec(rest.join(' ')) ?? [];
  const text = first.replaceAll("'", '"').replace(/\.$/, '');
  const start = text.charAt(0).toUpperCase() + text.slice(1);
  return nearest === undefined ? `${start}.` : `${start}; did you mean ${nearest}?`;
}
