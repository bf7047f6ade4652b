import pc from 'picocolors';

import type { BuildEvent } from '../engine/engine.ts';
import type { Output } from '../terminal/output.ts';
import type { Symbols } from '../terminal/symbols.ts';
import { cutLine } from '../text/columns.ts';
import { formatDuration } from '../text/duration.ts';
import { LiveRegion } from './live-region.ts';
import {
  firstLine,
  planPhrase,
  pluginPhrase,
  profilePhrase,
  resultPhrase,
  timeLeft,
} from './phrases.ts';
import { progressBar } from './progress-bar.ts';
import { type RunningTask, TaskList } from './task-list.ts';
import type { View } from './view.ts';

const REDRAW_MS = 100;
/** Waiting tasks shown by name; the others are counted. */
const PENDING_LINES = 4;

export interface TerminalViewOptions {
  readonly symbols: Symbols;
  readonly version: string;
  readonly color: boolean;
  readonly now: () => number;
  /** Calls back once, later; gives a function that takes it back. Default: setTimeout. */
  readonly schedule?: (run: () => void, milliseconds: number) => () => void;
}

/** Finished tasks as lines that stay; below them what runs and what waits, drawn in place. */
export function terminalView(stderr: Output, options: TerminalViewOptions): View {
  const { symbols, now } = options;
  const colors = pc.createColors(options.color);
  const region = new LiveRegion(stderr);
  const tasks = new TaskList(now);
  const schedule = options.schedule ?? scheduleTimer;
  let cancel: (() => void) | undefined;
  let above: string[] = [];
  let closed = false;

  const fit = (line: string) => cutLine(line, Math.max(20, stderr.columns - 1));
  const draw = () => {
    cancel?.();
    cancel = undefined;
    region.draw(above, closed ? [] : regionLines().map(fit));
    above = [];
  };
  /** The picture of running tasks goes away for good; others may write below from now on. */
  const close = () => {
    closed = true;
    draw();
  };
  const drawSoon = () => {
    cancel ??= schedule(() => {
      cancel = undefined;
      draw();
    }, REDRAW_MS);
  };
  const regionLines = () => {
    const room = Math.max(1, stderr.rows - 2);
    const running = tasks.running.slice(0, room).map((task) => runningLine(task));
    return [...running, ...pendingLines(Math.min(PENDING_LINES, room - running.length))];
  };
  const pendingLines = (limit: number) => {
    const waiting = tasks.pending;
    const named = waiting.length > limit ? Math.max(0, limit - 1) : waiting.length;
    const more = waiting.length - named;
    const lines = waiting.slice(0, named).map((title) => ` ${symbols.waiting} ${title}`);
    return more > 0 && limit > 0 ? [...lines, ` ${symbols.waiting} ${more} more`] : lines;
  };
  const runningLine = ({ title, startedAt, percent, note }: RunningTask) => {
    const parts = [
      percent === undefined ? '' : progressBar(percent, symbols),
      note,
      timeLeft(percent, now() - startedAt),
    ].filter((part) => part !== '');
    return ` ${symbols.running} ${title.padEnd(tasks.titleWidth)}  ${parts.join('  ')}`.trimEnd();
  };
  const finishedLine = (event: Extract<BuildEvent, { readonly type: 'task-finished' }>) => {
    const title = event.title.padEnd(tasks.titleWidth);
    const left = ` ${symbols.done} ${title}  ${resultPhrase(event, symbols)}`;
    if (event.cached) return colors.dim(fit(left));
    const time = formatDuration(event.milliseconds);
    const width = Math.min(80, stderr.columns) - 1;
    return fit(`${left.padEnd(width - time.length - 1)} ${time}`);
  };
  const permanentLines = (event: BuildEvent): string[] => {
    switch (event.type) {
      case 'config':
        return headerLines(event, options);
      case 'planned':
        return [`plan     ${planPhrase(event, symbols)}`, ''];
      case 'waiting':
        return [`waiting  ${event.reason}`];
      case 'warning':
        return [` ! ${event.task === undefined ? '' : `${event.task}: `}${event.message}`];
      case 'task-finished':
        return [finishedLine(event)];
      case 'task-failed': {
        const title = event.title.padEnd(tasks.titleWidth);
        return [fit(` ${symbols.failed} ${title}  failed: ${firstLine(event.message)}`)];
      }
      case 'finished':
        return [''];
      default:
        return [];
    }
  };

  return {
    show(event) {
      tasks.update(event);
      const lines = permanentLines(event);
      above.push(...lines);
      if (event.type === 'finished' || event.type === 'failed') {
        close();
        return;
      }
      // News that stays is shown at once; numbers that change are worth ten pictures a second.
      if (lines.length > 0 || event.type === 'task-started') draw();
      else if (event.type === 'task-progress') drawSoon();
    },
    close,
  };
}

function headerLines(
  event: Extract<BuildEvent, { readonly type: 'config' }>,
  { version, symbols }: TerminalViewOptions,
): string[] {
  const file = event.file === undefined ? [] : [event.file];
  const plugins = event.plugins.map(pluginPhrase);
  const profiles = event.profiles.map(profilePhrase);
  return [
    [`livesys ${version}`, ...file, `source ${event.source}`].join(` ${symbols.dot} `),
    `plugins  ${plugins.join(` ${symbols.dot} `)}`,
    `profiles ${profiles.join(` ${symbols.dot} `)}`,
  ];
}

function scheduleTimer(run: () => void, milliseconds: number): () => void {
  const timer = setTimeout(run, milliseconds);
  timer.unref();
  return () => clearTimeout(timer);
}
