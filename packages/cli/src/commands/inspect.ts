import { absolute, type AddCommand } from './command.ts';

export const addInspect: AddCommand = (program, context) => {
  program
    .command('inspect')
    .summary('show what is on a medium')
    .description('Shows layers, profiles, kernels and firmware of a medium.')
    .argument('<file>', 'an image, or the device of a stick')
    .option('--json', 'print it as data', false)
    .action(async (file, { json }) => {
      const { inspectFile } = await import('../medium/inspect.ts');
      await inspectFile(absolute(context, file), context, { json });
    });
};
