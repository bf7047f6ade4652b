import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { quoteArgument } from '../../../packages/cli/src/text/quote.ts';
import { buildCommand } from './build-command.ts';
import { runInPrivateKernel } from './private-kernel.ts';

/** Past the day on which seconds stop to fit into 31 bits. */
const YEARS = 15;
export const LATER = new Date().getFullYear() + YEARS;
/** The build itself takes three on two cores. */
const MINUTES = 12;

/** A build in another kernel, and what was so there. */
export interface LaterBuild {
  readonly iso: string;
  readonly processors: string;
  readonly host: string;
  /** In which year the kernel says that the ISO was written. */
  readonly year: string;
}

/**
 * Builds with everything different that must make no difference: years later, on one processor and
 * another host, in longer paths, with another umask, time zone and language, and an empty cache.
 */
export async function buildLater(folder: string, archive: string): Promise<LaterBuild> {
  const disk = join(folder, 'disk');
  const far = join(disk, 'a-folder-with-a-much-longer-name/than-the-usual-one');
  const { argv, iso } = buildCommand(far, archive);
  const word = quoteArgument;
  const script = [
    `export PATH=${word(process.env['PATH'] ?? '')} HOME=${word(disk)} TMPDIR=${word(disk)}`,
    'export TZ=Pacific/Kiritimati LC_ALL=C.UTF-8 LANG=tr_TR.UTF-8',
    `date --set '${LATER}-02-03 04:05:06'`,
    'hostname somewhere-else',
    'umask 0077',
    argv.map(word).join(' '),
    `cp ${word(iso)} ${word(join(folder, 'out/later.iso'))}`,
    `exec >${word(join(folder, 'out/facts'))}`,
    'nproc',
    'hostname',
    `date --reference=${word(iso)} +%Y`,
  ];
  await runInPrivateKernel({ folder, script: script.join('\n'), minutes: MINUTES });
  const facts = readFileSync(join(folder, 'out/facts'), 'utf8').split('\n');
  const [processors = '', host = '', year = ''] = facts;
  return { iso: join(folder, 'out/later.iso'), processors, host, year };
}
