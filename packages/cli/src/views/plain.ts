import type { BuildEvent } from '../engine/engine.ts';
import type { Output } from '../terminal/output.ts';
import type { Symbols } from '../terminal/symbols.ts';
import { formatDuration } from '../text/duration.ts';
import { firstLine, planPhrase, pluginPhrase, profilePhrase, resultPhrase } from './phrases.ts';
import type { View } from './view.ts';

/** One line per event, for a pipe, a log or a screen reader. No cursor movement. */
export function plainView(
  stderr: Output,
  options: { readonly symbols: Symbols; readonly version: string },
): View {
  const titles = new Map<string, string>();
  const quarters = new Map<string, number>();
  const name = (task: string) => titles.get(task) ?? task;
  const line = (text: string) => stderr.write(`${text}\n`);

  return {
    show(event) {
      if (event.type === 'planned') for (const task of event.tasks) titles.set(task.id, task.title);
      if (event.type === 'task-started') titles.set(event.task, event.title);
      if (event.type === 'task-progress') {
        const quarter = passedQuarter(event, quarters.get(event.task));
        if (quarter === undefined) return;
        quarters.set(event.task, quarter);
        line(`${name(event.task)}: ${quarter} %`);
        return;
      }
      for (const text of plainLines(event, name, options)) line(text);
    },
    close: () => {},
  };
}

/** 0, 25, 50, 75 or 100 when one of them was reached since the last time. */
function passedQuarter(
  { percent }: Extract<BuildEvent, { readonly type: 'task-progress' }>,
  before: number | undefined,
): number | undefined {
  if (percent === undefined) return undefined;
  const quarter = Math.floor(Math.min(100, Math.max(0, percent)) / 25) * 25;
  return before === undefined || quarter > before ? quarter : undefined;
}

function plainLines(
  event: BuildEvent,
  name: (task: string) => string,
  { symbols, version }: { readonly symbols: Symbols; readonly version: string },
): string[] {
  switch (event.type) {
    case 'config':
      return [
        `livesys ${version}: ${event.file ?? 'no config'}, source ${event.source}`,
        `plugins: ${event.plugins.map(pluginPhrase).join(', ')}`,
        `profiles: ${event.profiles.map(profilePhrase).join(', ')}`,
      ];
    case 'planned':
      return [`plan: ${planPhrase(event, symbols)}`];
    case 'waiting':
      return [`waiting: ${event.reason}`];
    case 'task-started':
      return [`${event.title}: started`];
    case 'task-finished': {
      const parts = [
        ...(event.cached ? [] : ['done']),
        resultPhrase(event, symbols),
        ...(event.cached ? [] : [formatDuration(event.milliseconds)]),
      ];
      return [`${event.title}: ${parts.filter((part) => part !== '').join(', ')}`];
    }
    case 'task-failed':
      return [
        `${event.title}: failed, ${formatDuration(event.milliseconds)}: ${firstLine(event.message)}`,
      ];
    case 'warning':
      return [
        `warning: ${event.task === undefined ? '' : `${name(event.task)}: `}${event.message}`,
      ];
    default:
      return [];
  }
}
