import { relative } from 'node:path';

import type { BuildEvent } from '../engine/engine.ts';
import type { Output } from '../terminal/output.ts';
import type { Symbols } from '../terminal/symbols.ts';
import { formatDuration } from '../text/duration.ts';
import { alignColumns } from '../text/columns.ts';
import { quoteArgument } from '../text/quote.ts';
import { formatSize } from '../text/size.ts';
import { count, firmwarePhrase, shortImageId } from './phrases.ts';
import type { View } from './view.ts';

type OutputEvent = Extract<BuildEvent, { readonly type: 'output' }>;

/** The result, on standard output: what was made and what to do with it. */
export function summaryView(
  stdout: Output,
  options: { readonly cwd: string; readonly symbols: Symbols },
): View {
  const outputs: OutputEvent[] = [];
  return {
    show(event) {
      if (event.type === 'output') outputs.push(event);
      if (event.type === 'finished') stdout.write(summaryText(outputs, event, options));
    },
    close: () => {},
  };
}

function summaryText(
  outputs: readonly OutputEvent[],
  finished: Extract<BuildEvent, { readonly type: 'finished' }>,
  { cwd, symbols }: { readonly cwd: string; readonly symbols: Symbols },
): string {
  const time = formatDuration(finished.milliseconds);
  const total =
    finished.ran === 0
      ? `nothing to do: ${count(finished.cached, 'task')} cached, ${time}`
      : `${count(finished.ran, 'task')} in ${time}${finished.cached > 0 ? `, ${finished.cached} cached` : ''}`;
  const files = alignColumns(
    outputs.map((output) => [
      `${symbols.done} ${displayPath(output.path, cwd)}`,
      formatSize(output.bytes),
      `image ${shortImageId(output.imageId)}`,
      firmwarePhrase(output.firmware),
    ]),
    ' ',
  );
  const [first] = outputs;
  const next = first === undefined ? [] : nextSteps(displayPath(first.path, cwd));
  return `${[...files, `   ${total}`, ...next].join('\n')}\n`;
}

function nextSteps(path: string): string[] {
  const file = quoteArgument(path);
  return alignColumns(
    [
      ['next:', `livesys boot ${file}`, 'try it in a window'],
      ['', `livesys inspect ${file}`, 'see what is in it'],
      ['', `livesys write ${file}`, 'put it on a stick'],
    ],
    '   ',
  );
}

/** Relative where that is shorter to type. */
function displayPath(path: string, cwd: string): string {
  const short = relative(cwd, path);
  return short === '' || short.startsWith('..') ? path : short;
}
