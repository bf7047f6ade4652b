import type { Output } from '../terminal/output.ts';
import type { View } from './view.ts';

/** One event per line. Sizes are bytes, times milliseconds; `docs/` has the schema. */
export function jsonView(stdout: Output): View {
  return {
    show: (event) => stdout.write(`${JSON.stringify(event)}\n`),
    close: () => {},
  };
}
