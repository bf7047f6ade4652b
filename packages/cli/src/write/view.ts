import type { Context } from '../terminal/context.ts';
import type { Output } from '../terminal/output.ts';
import { type Symbols, symbolsFor } from '../terminal/symbols.ts';
import { alignColumns, cutLine } from '../text/columns.ts';
import { formatDuration } from '../text/duration.ts';
import { formatSize } from '../text/size.ts';
import { drawsInPlace } from '../views/choose-view.ts';
import { LiveRegion } from '../views/live-region.ts';
import { timeLeft } from '../views/phrases.ts';
import { progressBar } from '../views/progress-bar.ts';
import type { Stage, WriteEvent } from './events.ts';

/** Shows a write while it runs. */
export interface WriteView {
  show(event: WriteEvent): void;
  /** Leaves the terminal as a person can go on with it. */
  close(): void;
}

const REDRAW_MS = 100;
const DOING: Readonly<Record<Stage, string>> = {
  write: 'writing',
  compare: 'reading back',
  persistence: 'making the persistence partition',
};

/** The view for where the output goes: a terminal, a pipe, or a program that reads JSON. */
export function chooseWriteView(context: Context, { json }: { readonly json: boolean }): WriteView {
  const { stdout, stderr, env, now } = context;
  if (json) return { show: (event) => stdout.write(`${JSON.stringify(event)}\n`), close: () => {} };
  const symbols = symbolsFor(env);
  const progress = drawsInPlace(context)
    ? drawnProgress(stderr, symbols, now)
    : plainProgress(stderr);
  return {
    show(event) {
      progress.show(event);
      if (event.type === 'devices') stderr.write(deviceLines(event, symbols));
      if (event.type === 'write-finished') stdout.write(readyLine(event));
      if (event.type === 'write-stage-finished') stderr.write(`${stageLine(event, symbols)}\n`);
    },
    close: () => progress.close(),
  };
}

/** A line that changes in place. */
function drawnProgress(stderr: Output, symbols: Symbols, now: () => number): WriteView {
  const region = new LiveRegion(stderr);
  let stage: Stage | undefined;
  let [startedAt, drawnAt] = [0, Number.NEGATIVE_INFINITY];
  return {
    show(event) {
      if (event.type !== 'write-progress') {
        region.draw([], []);
        return;
      }
      if (event.stage !== stage) [stage, startedAt] = [event.stage, now()];
      if (now() - drawnAt < REDRAW_MS) return;
      drawnAt = now();
      const percent = (event.done / event.bytes) * 100;
      const elapsed = drawnAt - startedAt;
      const parts = [
        ` ${symbols.running} ${DOING[event.stage].padEnd(12)}`,
        progressBar(percent, symbols),
        speed(event.done, elapsed),
        timeLeft(percent, elapsed),
      ];
      const line = parts.filter((part) => part !== '').join('  ');
      region.draw([], [cutLine(line, Math.max(20, stderr.columns - 1))]);
    },
    close: () => region.draw([], []),
  };
}

/** A line for each quarter. */
function plainProgress(stderr: Output): WriteView {
  let shown = '';
  return {
    show(event) {
      if (event.type !== 'write-progress') return;
      const quarter = Math.floor((event.done / event.bytes) * 4) * 25;
      const line = `${DOING[event.stage]}: ${quarter} %\n`;
      if (line !== shown) stderr.write(line);
      shown = line;
    },
    close: () => {},
  };
}

type EventOf<T extends WriteEvent['type']> = Extract<WriteEvent, { readonly type: T }>;

function stageLine(event: EventOf<'write-stage-finished'>, { done }: Symbols): string {
  const { stage, bytes, milliseconds } = event;
  const time = formatDuration(milliseconds);
  const rate = speed(bytes, milliseconds);
  if (stage === 'write')
    return ` ${done} written    ${formatSize(bytes)}  ${time}  ${rate}`.trimEnd();
  if (stage === 'compare') return ` ${done} read back  equal  ${time}  ${rate}`.trimEnd();
  return ` ${done} persistence partition (ext4, ${formatSize(bytes)})`;
}

function speed(bytes: number, milliseconds: number): string {
  return milliseconds < 500 ? '' : `${formatSize(bytes / (milliseconds / 1000))}/s`;
}

function readyLine({ device, profile, persistence }: EventOf<'write-finished'>): string {
  const start = `It boots with profile "${profile}", persistence ${persistence}`;
  return `The stick is ready. ${start}; change it with livesys medium ${device}.\n`;
}

/** Two lines each, so that they fit: what it is, and what is on it with what would happen to it. */
function deviceLines({ devices }: EventOf<'devices'>, { arrow }: Symbols): string {
  const rows = devices.flatMap((device) => [
    [
      device.path,
      device.model,
      formatSize(device.bytes),
      device.transport,
      device.serial === '' ? '' : `serial ${device.serial}`,
    ],
  ]);
  const lines = alignColumns(rows, '  ').flatMap((line, index) => {
    const { contents = '', refusal = null } = devices[index] ?? {};
    const verdict = refusal === null ? `${arrow} would be erased` : `refused: ${refusal}`;
    return [line, `      ${contents}  ${verdict}`];
  });
  return lines.map((line) => `${line}\n`).join('');
}
