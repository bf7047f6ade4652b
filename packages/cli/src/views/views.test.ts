import { describe, expect, it } from 'vitest';

import { Screen } from '../../../../test/support/screen.ts';
import type { BuildEvent, PlannedTask } from '../engine/engine.ts';
import type { Output } from '../terminal/output.ts';
import { symbolsFor } from '../terminal/symbols.ts';
import { quoteArgument } from '../text/quote.ts';
import { chooseView } from './choose-view.ts';
import { jsonView } from './json.ts';
import { timeLeft } from './phrases.ts';
import { plainView } from './plain.ts';
import { summaryView } from './summary.ts';
import { terminalView } from './terminal.ts';

const symbols = symbolsFor({ LANG: 'C.UTF-8' });
const MiB = 1024 ** 2;
const GiB = 1024 ** 3;

const planned = (
  tasks: readonly (readonly [string, 'cached' | 'run'])[],
): Extract<BuildEvent, { type: 'planned' }> => ({
  type: 'planned',
  wave: 'image',
  complete: true,
  digest: '81c0',
  tasks: tasks.map(([id, state]): PlannedTask => ({
    id,
    title: id,
    step: 'prepareImage',
    plugin: 'core',
    state,
  })),
  cache: '/var/cache/livesys',
  spaceNeeded: 8.1 * GiB,
  spaceFree: 212 * GiB,
});
const config: BuildEvent = {
  type: 'config',
  file: 'livesys.config.ts',
  source: 'debian:bookworm',
  plugins: [
    { role: 'distro', name: '@livesys/distro-debian', version: '1.0.0' },
    { role: 'plugin', name: 'livesys-wifi', version: '1.0.0' },
  ],
  profiles: [
    { name: 'office', default: true, persistence: 'on' },
    { name: 'rescue', default: false, persistence: 'off' },
  ],
};
const started = (task: string): BuildEvent => ({ type: 'task-started', task, title: task });
const progress = (task: string, percent: number, note?: string): BuildEvent => ({
  type: 'task-progress',
  task,
  percent,
  ...(note === undefined ? {} : { note }),
});
const finished = (task: string, cached = false): BuildEvent => ({
  type: 'task-finished',
  task,
  title: task,
  cached,
  milliseconds: 168_000,
  ...(cached ? {} : { bytesIn: 6.9 * GiB, bytesOut: 3.1 * GiB }),
});
const failed = (task: string): BuildEvent => ({
  type: 'task-failed',
  ...{ task, title: task, milliseconds: 2100 },
  message: 'A command failed (exit code 1): false\nand a second line',
});
const output: BuildEvent = {
  type: 'output',
  path: '/home/me/dist/debian 12.iso',
  bytes: 3.4 * GiB,
  imageId: '7f3c09d1-0000-4000-8000-000000000000',
  firmware: ['bios', 'uefi'],
  cached: false,
};

function memoryOutput(more: Partial<Output> = {}): Output & { text: string } {
  return {
    isTTY: false,
    columns: 80,
    rows: 24,
    text: '',
    ...more,
    write(text) {
      this.text += text;
    },
  };
}

/** A view on a screen, with a clock and timers that the test moves. */
function onScreen(screen: Screen, color = false) {
  let time = 0;
  const timers: (() => void)[] = [];
  const view = terminalView(screen, {
    symbols,
    version: '1.0.0',
    color,
    now: () => time,
    schedule: (run) => {
      timers.push(run);
      return () => timers.splice(timers.indexOf(run), 1);
    },
  });
  return {
    ...view,
    after(milliseconds: number) {
      time += milliseconds;
      for (const run of timers.splice(0)) run();
    },
  };
}

describe('the terminal view', () => {
  it('keeps finished tasks and draws what runs and waits below them', () => {
    const screen = new Screen();
    const view = onScreen(screen);
    view.show(config);
    view.show(
      planned([
        ['tools', 'cached'],
        ['base', 'run'],
        ['layer:desktop', 'run'],
        ['output:iso', 'run'],
      ]),
    );
    view.show(finished('tools', true));
    view.show(started('base'));
    view.show(finished('base'));
    view.show(started('layer:desktop'));
    view.after(10_000);
    view.show(progress('layer:desktop', 62, '118 MiB/s'));
    view.after(1000);

    expect(screen.text).toBe(`livesys 1.0.0 · livesys.config.ts · source debian:bookworm
plugins  distro debian · plugin livesys-wifi
profiles office (default, keeps changes) · rescue
plan     4 tasks, 1 cached · needs 8.1 GiB in /var/cache/livesys (212 GiB free)

 ✓ tools          cached
 ✓ base           6.9 GiB → 3.1 GiB                                    2 m 48 s
 ▸ layer:desktop  █████████░░░░░░░  62 %  118 MiB/s  6.7 s left
 · output:iso
`);
  });

  it('makes way for a message for good, and still prints what stays', () => {
    const screen = new Screen();
    const view = onScreen(screen);
    view.show(planned([['base', 'run']]));
    view.show(started('base'));
    view.close();
    screen.write('\ninterrupted\n');
    view.show(progress('base', 50));
    view.after(1000);
    view.show({ type: 'warning', message: 'late' });

    expect(screen.text.split('\n').slice(1)).toEqual(['', '', 'interrupted', ' ! late', '']);
  });

  it('leaves only what stays when the build is over', () => {
    const screen = new Screen();
    const view = onScreen(screen);
    view.show(
      planned([
        ['base', 'run'],
        ['output:iso', 'run'],
      ]),
    );
    view.show(started('base'));
    view.show(finished('base'));
    view.show({ type: 'finished', milliseconds: 1, ran: 1, cached: 0 });
    screen.write('the summary\n');
    view.close();

    expect(screen.text).toContain('✓ base');
    expect(screen.text).not.toContain('output:iso');
    expect(screen.text).toContain('the summary');
  });

  it('keeps an error below intact', () => {
    const screen = new Screen();
    const view = onScreen(screen);
    view.show(planned([['base', 'run']]));
    view.show(started('base'));
    view.show(progress('base', 3));
    view.close();
    screen.write('it failed\n');

    expect(screen.text.trimEnd().endsWith('it failed')).toBe(true);
    expect(screen.text).not.toContain('▸');
  });

  it('never draws beyond a small screen, whatever runs', () => {
    const screen = new Screen(40, 6);
    const view = onScreen(screen, true);
    const many = Array.from({ length: 30 }, (_, index) => `layer:with-a-rather-long-name-${index}`);
    view.show(planned(many.map((id) => [id, 'run'] as const)));
    for (const id of many.slice(0, 10)) view.show(started(id));
    for (const id of many.slice(0, 10)) {
      view.show(progress(id, 50, 'with a note that does not fit'));
      view.after(100);
    }
    view.show({ type: 'warning', message: 'w'.repeat(100) });
    for (const id of many) view.show(finished(id));
    view.close();

    expect(screen.text.match(/✓/g)).toHaveLength(30);
  });

  it('keeps a task that failed, while others go on', () => {
    const screen = new Screen();
    const view = onScreen(screen);
    view.show(started('base'));
    view.show(started('tools'));
    view.show(failed('tools'));

    expect(screen.text).toBe(' ✗ tools  failed: A command failed (exit code 1): false\n ▸ base\n');
  });

  it('shows a warning with its task', () => {
    const screen = new Screen();
    onScreen(screen).show({ type: 'warning', task: 'base', message: '1 file changed' });

    expect(screen.text).toBe(' ! base: 1 file changed\n');
  });
});

describe('the plain view', () => {
  it('is one line per event, with quarters instead of every percent', () => {
    const stderr = memoryOutput();
    const view = plainView(stderr, { symbols, version: '1.0.0' });
    view.show(config);
    view.show(
      planned([
        ['tools', 'cached'],
        ['base', 'run'],
      ]),
    );
    view.show(finished('tools', true));
    view.show(started('base'));
    for (const percent of [0, 1, 24, 26, 30, 80, 99, 100]) view.show(progress('base', percent));
    view.show({ type: 'task-progress', task: 'base', note: 'collecting' });
    view.show({ type: 'waiting', reason: 'another livesys uses the cache' });
    view.show({ type: 'warning', message: 'careful' });
    view.show(failed('tools'));
    view.show(finished('base'));

    expect(stderr.text).toBe(`livesys 1.0.0: livesys.config.ts, source debian:bookworm
plugins: distro debian, plugin livesys-wifi
profiles: office (default, keeps changes), rescue
plan: 2 tasks, 1 cached · needs 8.1 GiB in /var/cache/livesys (212 GiB free)
tools: cached
base: started
base: 0 %
base: 25 %
base: 75 %
base: 100 %
waiting: another livesys uses the cache
warning: careful
tools: failed, 2.1 s: A command failed (exit code 1): false
base: done, 6.9 GiB → 3.1 GiB, 2 m 48 s
`);
  });
});

describe('the summary', () => {
  const end = (events: readonly BuildEvent[], ran: number) => {
    const stdout = memoryOutput();
    const view = summaryView(stdout, { cwd: '/home/me', symbols });
    for (const event of events) view.show(event);
    view.show({ type: 'finished', milliseconds: 192_000, ran, cached: 5 });
    return stdout.text;
  };

  it('names files, sizes, the image and the next commands', () => {
    expect(end([output], 9)).toBe(` ✓ dist/debian 12.iso  3.4 GiB  image 7f3c-09d1  BIOS + UEFI
   9 tasks in 3 m 12 s, 5 cached
   next:  livesys boot 'dist/debian 12.iso'     try it in a window
          livesys inspect 'dist/debian 12.iso'  see what is in it
          livesys write 'dist/debian 12.iso'    put it on a stick
`);
  });

  it('says so when there was nothing to do', () => {
    expect(end([output], 0)).toContain('nothing to do: 5 tasks cached');
  });

  it('names no next command without an output', () => {
    expect(end([], 2)).toBe('   2 tasks in 3 m 12 s, 5 cached\n');
  });
});

describe('the JSON view', () => {
  it('prints every event as it is, one per line', () => {
    const stdout = memoryOutput();
    const events = [config, planned([['a', 'run']]), started('a'), finished('a'), output];
    for (const event of events) jsonView(stdout).show(event);

    expect(
      stdout.text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual(events);
  });
});

describe('the choice of a view', () => {
  const context = (isTTY: boolean, env = {}) => ({
    cwd: '/home/me',
    env: { LANG: 'C.UTF-8', ...env },
    stdout: memoryOutput(),
    stderr: memoryOutput({ isTTY }),
    user: { uid: 1000, home: '/home/u' },
    signal: new AbortController().signal,
    now: () => 0,
    loadEngine: () => Promise.reject(new Error('not here')),
  });
  const run = (where: ReturnType<typeof context>, json = false) => {
    const view = chooseView(where, { json, version: '1.0.0' });
    view.show(planned([['a', 'run']]));
    view.show(started('a'));
    view.close();
    return where;
  };

  it('moves the cursor on a terminal only', () => {
    expect(run(context(true)).stderr.text).toContain('\u001B[');
    expect(run(context(false)).stderr.text).not.toContain('\u001B');
    expect(run(context(true, { TERM: 'dumb' })).stderr.text).not.toContain('\u001B');
    expect(run(context(true, { CI: 'true' })).stderr.text).not.toContain('\u001B');
  });

  it('keeps standard output for events with --json', () => {
    const { stdout, stderr } = run(context(true), true);

    expect(stdout.text.split('\n')).toHaveLength(3);
    expect(stderr.text).toBe('');
  });
});

describe('words', () => {
  it('give no time left while it would be a guess', () => {
    expect(timeLeft(4, 60_000)).toBe('');
    expect(timeLeft(50, 1000)).toBe('');
    expect(timeLeft(100, 60_000)).toBe('');
    expect(timeLeft(25, 60_000)).toBe('3 m 0 s left');
  });

  it('can be pasted into a shell', () => {
    expect(quoteArgument('dist/a-b_1.iso')).toBe('dist/a-b_1.iso');
    expect(quoteArgument(`it's ${MiB}`)).toBe(`'it'\\''s 1048576'`);
  });
});
