import { Argument } from '@commander-js/extra-typings';

import { absolute, type AddCommand } from './command.ts';

export const addMedium: AddCommand = (program, context) => {
  program
    .command('medium')
    .summary('check a medium')
    .description('verify: reads every layer and compares it with the manifest.')
    .argument('<file>', 'an ISO file')
    .addArgument(new Argument('<action>', 'what to do').choices(['verify'] as const))
    .option('--json', 'print the result as data', false)
    .action(async (file, _action, { json }) => {
      const { verifyFile } = await import('../medium/verify-file.ts');
      await verifyFile(absolute(context, file), context, { json });
    });
};
