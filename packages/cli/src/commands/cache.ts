import { InvalidArgumentError, Option } from '@commander-js/extra-typings';

import type { AddCommand } from './command.ts';

const DAY = 24 * 60 * 60 * 1000;
const UNITS: Readonly<Record<string, number>> = { h: DAY / 24, d: DAY, w: 7 * DAY };

export const addCache: AddCommand = (program, context) => {
  const cache = program
    .command('cache')
    .summary('show or clear kept results')
    .description('Results of earlier builds. LIVESYS_CACHE says where they are kept.');
  cache
    .command('ls')
    .description('Lists what is kept.')
    .option('--json', 'print it as data', false)
    .action(async ({ json }) => {
      const { listCache } = await import('../cache/cache-commands.ts');
      await listCache(context, { json });
    });
  cache
    .command('prune')
    .description('Removes what no build used for a while.')
    .addOption(
      new Option('--older-than <time>', 'such as 12h, 30d, 4w')
        .argParser(age)
        .default(30 * DAY, '30d'),
    )
    .option('--all', 'remove everything', false)
    .option('--json', 'print the result as data', false)
    .action(async ({ all, olderThan, json }) => {
      const { pruneCache } = await import('../cache/cache-commands.ts');
      await pruneCache(context, { olderThan: all ? 0 : olderThan, json });
    });
};

function age(text: string): number {
  const [, number, unit] = /^(\d{1,5})([hdw])$/.exec(text) ?? [];
  const factor = UNITS[unit ?? ''];
  if (number === undefined || factor === undefined) {
    throw new InvalidArgumentError('Write 12h, 30d or 4w.');
  }
  return Number(number) * factor;
}
