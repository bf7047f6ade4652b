import { Option } from '@commander-js/extra-typings';

import { type AddCommand, collect, optionalPath } from './command.ts';

const NONE: readonly string[] = [];

export const addPlan: AddCommand = (program, context) => {
  program
    .command('plan')
    .summary('show what a build would do')
    .description(
      'Shows every task and why it would run. Changes nothing; --prepare alone fills the cache.',
    )
    .argument('[source]', 'a source to plan instead of the one in the config')
    .option('-c, --config <file>', 'the config (default: livesys.config.* here or above)')
    .option('--prepare', 'make the source first, so that everything can be planned', false)
    .addOption(new Option('--json', 'print the plan as data').default(false).conflicts('shell'))
    .addOption(new Option('--shell', 'print the plan as a shell script').default(false))
    .option('--excludes', 'show everything that is left out', false)
    .option('--facts <file>', 'plan for the machine these facts were read on')
    .option('--write-facts <file>', 'save the facts that the plan rests on')
    .option('-o, --output <dir>', 'save plan.json, plan.sh and plan.txt in a folder')
    .option('--refresh <what>', 'make again: packages, source, tools, or a task', collect, NONE)
    .action(async (source, options) => {
      const { showPlan } = await import('../build/show-plan.ts');
      await showPlan(
        {
          cwd: context.cwd,
          refresh: options.refresh,
          force: false,
          ...optionalPath(context, 'config', options.config),
          ...(source === undefined ? {} : { source }),
        },
        context,
        {
          prepare: options.prepare,
          excludes: options.excludes,
          form: options.json ? 'json' : options.shell ? 'shell' : 'text',
          ...optionalPath(context, 'facts', options.facts),
          ...optionalPath(context, 'writeFacts', options.writeFacts),
          ...optionalPath(context, 'folder', options.output),
        },
      );
    });
};
