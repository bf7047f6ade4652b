import { Command, Help } from '@commander-js/extra-typings';

import { addApply } from './commands/apply.ts';
import { addAudit } from './commands/audit.ts';
import { addBoot } from './commands/boot.ts';
import { addBuild } from './commands/build.ts';
import { addCache } from './commands/cache.ts';
import type { AddCommand } from './commands/command.ts';
import { addDiff } from './commands/diff.ts';
import { addDoctor } from './commands/doctor.ts';
import { addInit } from './commands/init.ts';
import { addInspect } from './commands/inspect.ts';
import { addMedium } from './commands/medium.ts';
import { addPlan } from './commands/plan.ts';
import { addWrite } from './commands/write.ts';
import type { Context } from './terminal/context.ts';
import { VERSION } from './version.ts';

/** Commands as `livesys --help` groups them. */
const GROUPS: Readonly<Record<string, readonly AddCommand[]>> = {
  'Daily:': [addInit, addBuild, addBoot, addWrite],
  'Look:': [addPlan, addInspect, addAudit, addDiff, addDoctor],
  'Then:': [addMedium, addApply, addCache],
};

/** The command line. It throws what goes wrong and never exits. */
export function createProgram(context: Context): Command {
  const program = new Command('livesys');
  program
    .description('Turns an installed Linux system into a live medium.')
    .version(VERSION, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .option('--debug', 'show where an error came from')
    .exitOverride()
    .showSuggestionAfterError()
    .configureHelp({ optionDescription: describeOption })
    .configureOutput({
      writeOut: (text) => context.stdout.write(text),
      // Errors are thrown, too, and printed once, in one place.
      writeErr: () => {},
      getOutHelpWidth: () => Math.min(context.stdout.columns, 100),
    });
  for (const [heading, commands] of Object.entries(GROUPS)) {
    program.commandsGroup(heading);
    for (const add of commands) add(program, context);
  }
  return program;
}

/** Defaults that say nothing are not worth a line. */
const describeOption: Help['optionDescription'] = (option) => {
  const value: unknown = option.defaultValue;
  const silent = value === false || (Array.isArray(value) && value.length === 0);
  return silent && option.argChoices === undefined
    ? option.description
    : Help.prototype.optionDescription.call(new Help(), option);
};
