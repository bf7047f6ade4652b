import { absolute, type AddCommand } from './command.ts';

export const addDiff: AddCommand = (program, context) => {
  program
    .command('diff')
    .summary('compare a system with its medium')
    .description(
      'Compares a system with the base of a medium made of it: contents, owners, modes, times, links, holes, device numbers, attributes with capabilities, and access lists. Names what was left out. Needs root.',
    )
    .argument('<source>', '"/" for the running system, or a folder')
    .argument('<medium>', 'an image, or the device of a stick')
    .option('--json', 'print it as data', false)
    .action(async (source, medium, { json }) => {
      const { diffMedium } = await import('../diff/diff-medium.ts');
      await diffMedium(absolute(context, source), absolute(context, medium), context, { json });
    });
};
