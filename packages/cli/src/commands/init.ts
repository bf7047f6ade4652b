import type { AddCommand } from './command.ts';

export const addInit: AddCommand = (program, context) => {
  program
    .command('init')
    .summary('write a config to start from')
    .description('Writes a commented livesys.config.ts that fits this machine.')
    .option('--force', 'replace the one that is there', false)
    .option('--schema', 'print the JSON Schema of configs instead, for editors', false)
    .action(async ({ force, schema }) => {
      const { writeConfig, printSchema } = await import('../init/init.ts');
      await (schema ? printSchema(context) : writeConfig(context, { force }));
    });
};
