import { pairedRatio, row, type Row } from '../row.ts';
import { LIVESYS, run } from '../run.ts';

const PAIRS = 20;

/** `livesys --help` against Node that does nothing. */
export async function measureStartup(say: (line: string) => void): Promise<Row> {
  say('start-up ...');
  const node = process.execPath;
  await run([node, LIVESYS, '--help']);
  const ours: number[] = [];
  const bare: number[] = [];
  for (let pair = 0; pair < PAIRS; pair += 1) {
    ours.push((await run([node, LIVESYS, '--help'])).seconds);
    bare.push((await run([node, '-e', '0'])).seconds);
  }
  return row({
    ...{ id: 'help', title: 'livesys --help / bare Node', unit: '', bar: 2.5 },
    figure: pairedRatio(ours, bare),
    samples: { ours, bare },
  });
}
