import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';

import { LivesysError } from '@livesys/core/plugin';
import { describe, expect, it, vi } from 'vitest';

import { safeOutput } from './output.ts';
import { formatError } from './print-error.ts';
import { catchSignals } from './signals.ts';
import { symbolsFor } from './symbols.ts';

describe('an error', () => {
  it('has message, details, hint and where to read more', () => {
    const error = new LivesysError('LIVESYS_CONFIG_INVALID', 'livesys.config.ts: 1 problem', {
      details: ['outputs   there is no output "izo"; did you mean "iso"?'],
      hint: 'Mend it.',
    });

    expect(formatError(error, { debug: false })).toBe(
      [
        'livesys.config.ts: 1 problem',
        '  outputs   there is no output "izo"; did you mean "iso"?',
        '  Mend it.',
        'LIVESYS_CONFIG_INVALID (exit 3) · docs/errors.md#livesys_config_invalid',
        '',
      ].join('\n'),
    );
  });

  it('that nobody expected is a defect, without its stack', () => {
    const text = formatError(new TypeError('x is not a function'), { debug: false });

    expect(text).toContain('x is not a function\n');
    expect(text).toContain('LIVESYS_INTERNAL (exit 1)');
    expect(text).not.toContain('    at ');
  });

  it('shows the stacks of its causes with --debug', () => {
    const error = new Error('outer', { cause: new Error('inner') });

    const text = formatError(error, { debug: true });

    expect(text).toMatch(/Error: outer\n {4}at /);
    expect(text).toMatch(/caused by: Error: inner\n {4}at /);
  });

  it('with a code of the system is no livesys error', () => {
    const error = Object.assign(new Error('no such file'), { code: 'ENOENT' });

    expect(formatError(error, { debug: false })).toContain('LIVESYS_INTERNAL');
  });

  it.each([['text'], [undefined], [{ a: 1 }]])('may be %s', (thrown) => {
    expect(formatError(thrown, { debug: true })).toContain('LIVESYS_INTERNAL');
  });
});

describe('a stream', () => {
  it('whose reader went away is written to no more', () => {
    const stream = new PassThrough();
    const output = safeOutput(stream as unknown as NodeJS.WriteStream);
    stream.emit('error', Object.assign(new Error('broken pipe'), { code: 'EPIPE' }));
    const write = vi.spyOn(stream, 'write');

    output.write('more');

    expect(write).not.toHaveBeenCalled();
  });

  it('that is full is not hidden', () => {
    const stream = new PassThrough();
    safeOutput(stream as unknown as NodeJS.WriteStream);

    expect(() =>
      stream.emit('error', Object.assign(new Error('full'), { code: 'ENOSPC' })),
    ).toThrow('cannot be written (ENOSPC)');
  });
});

describe('a signal', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ])('%s aborts first and ends with %d the second time', (name, code) => {
    const process = new EventEmitter();
    const onFirst = vi.fn();
    const exit = vi.fn();
    let now = 1000;
    const interruption = catchSignals(process, { onFirst, exit, now: () => now });

    process.emit(name);
    expect(interruption.signal.aborted).toBe(true);
    expect(interruption.exitCode).toBe(code);
    expect(exit).not.toHaveBeenCalled();

    now += 20;
    process.emit(name);
    // The same one, sent twice.
    expect(exit).not.toHaveBeenCalled();

    now += 1000;
    process.emit(name);
    expect(onFirst).toHaveBeenCalledOnce();
    expect(exit).toHaveBeenCalledExactlyOnceWith(code);

    interruption.dispose();
    expect(process.listenerCount(name)).toBe(0);
  });
});

describe('symbols', () => {
  it('are ASCII unless the locale is UTF-8', () => {
    expect(symbolsFor({ LANG: 'de_DE.UTF-8' }).done).toBe('✓');
    expect(symbolsFor({ LANG: 'de_DE.UTF-8', LC_ALL: 'C' }).done).toBe('+');
    expect(symbolsFor({}).done).toBe('+');
  });
});
