import type { Context } from '../terminal/context.ts';
import { symbolsFor } from '../terminal/symbols.ts';
import { jsonView } from './json.ts';
import { plainView } from './plain.ts';
import { summaryView } from './summary.ts';
import { terminalView } from './terminal.ts';
import type { View } from './view.ts';

/** The view for where the output goes: a terminal, a pipe, or a program that reads JSON. */
export function chooseView(
  context: Context,
  options: { readonly json: boolean; readonly version: string },
): View {
  if (options.json) return jsonView(context.stdout);
  const symbols = symbolsFor(context.env);
  const { version } = options;
  const progress = drawsInPlace(context)
    ? terminalView(context.stderr, {
        symbols,
        version,
        color: wantsColor(context),
        now: context.now,
      })
    : plainView(context.stderr, { symbols, version });
  const summary = summaryView(context.stdout, { cwd: context.cwd, symbols });
  return {
    show(event) {
      progress.show(event);
      summary.show(event);
    },
    close() {
      progress.close();
      summary.close();
    },
  };
}

/** Whether there is a terminal whose cursor can be moved. */
export function drawsInPlace({ stderr, env }: Context): boolean {
  return stderr.isTTY && env['TERM'] !== 'dumb' && !env['CI'];
}

/** https://no-color.org: any value but the empty one turns it off. */
function wantsColor({ env }: Context): boolean {
  return !env['NO_COLOR'];
}
