import type { AddCommand } from './command.ts';

export const addDoctor: AddCommand = (program, context) => {
  program
    .command('doctor')
    .summary('show what this machine can do')
    .description('Shows per command what this machine can do, and which package would change it.')
    .option('--json', 'print it as data', false)
    .action(async ({ json }) => {
      const { examineMachine } = await import('../doctor/examine-machine.ts');
      await examineMachine(context, { json });
    });
};
