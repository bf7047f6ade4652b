import { absolute, type AddCommand, collect, optionalPath } from './command.ts';

const NONE: readonly string[] = [];

export const addBuild: AddCommand = (program, context) => {
  program
    .command('build')
    .summary('make what the config asks for')
    .description(
      'Makes what the config asks for. What did not change comes from the cache.\n' +
        'Without a config, name a source: a folder, an archive, or debian:bookworm.',
    )
    .argument('[source]', 'a source to build instead of the one in the config')
    .option('-c, --config <file>', 'the config (default: livesys.config.* here or above)')
    .option('-o, --output <dir>', 'folder for the outputs')
    .option('--until <task>', 'stop when this task is done')
    .option(
      '--refresh <what>',
      'make again, with all that comes from it: packages, source, tools, or a task',
      collect,
      NONE,
    )
    .option('--force', 'replace an output that livesys did not make', false)
    .option('--json', 'print one event per line', false)
    .action(async (source, options) => {
      const { buildImage } = await import('../build/build-image.ts');
      await buildImage(
        {
          cwd: context.cwd,
          refresh: options.refresh,
          force: options.force,
          ...optionalPath(context, 'config', options.config),
          ...(options.output === undefined ? {} : { output: absolute(context, options.output) }),
          ...(source === undefined ? {} : { source }),
          ...(options.until === undefined ? {} : { until: options.until }),
        },
        context,
        { json: options.json },
      );
    });
};
