import { absolute, type AddCommand } from './command.ts';

export const addApply: AddCommand = (program, context) => {
  program
    .command('apply')
    .summary('carry out a saved plan')
    .description(
      'Carries out a plan saved by livesys plan -o. Loads no config and no plugin.\n' +
        'A plan that others can write is refused.',
    )
    .argument('<plan>', 'a plan.json')
    .option('--until <task>', 'stop when this task is done')
    .option('--force', 'replace an output that livesys did not make', false)
    .option('--json', 'print one event per line', false)
    .action(async (plan, { until, force, json }) => {
      const { applyPlanFile } = await import('../build/apply-plan-file.ts');
      const file = absolute(context, plan);
      await applyPlanFile({ file, force, ...(until === undefined ? {} : { until }) }, context, {
        json,
      });
    });
};
