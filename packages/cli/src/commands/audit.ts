import { absolute, type AddCommand } from './command.ts';

export const addAudit: AddCommand = (program, context) => {
  program
    .command('audit')
    .summary('list the secrets of a system or medium')
    .description(
      'Lists what is secret in a system or on a medium, by path and kind, never its content. It knows what "identity: reset" leaves out of an image.',
    )
    .argument('<source>', '"/" for the running system, a folder, or an image or device')
    .option('--json', 'print it as data', false)
    .action(async (source, { json }) => {
      const { auditSource } = await import('../audit/audit-source.ts');
      await auditSource(absolute(context, source), context, { json });
    });
};
