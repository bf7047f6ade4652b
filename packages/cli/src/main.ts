#!/usr/bin/env node
import { homedir } from 'node:os';

import { loadEngine } from './engine/load-engine.ts';
import { run } from './run.ts';
import { askOnTerminal } from './terminal/ask.ts';
import { safeOutput } from './terminal/output.ts';
import { asKnownError, formatError } from './terminal/print-error.ts';
import { catchSignals } from './terminal/signals.ts';

const stdout = safeOutput(process.stdout);
const stderr = safeOutput(process.stderr);

// A stream on a full disk, or a defect outside every promise.
process.on('uncaughtException', (error) => {
  stderr.write(formatError(error, { debug: process.argv.includes('--debug') }));
  process.exit(asKnownError(error).exitCode);
});

const interruption = catchSignals(process, {
  onFirst: () => stderr.write('\ninterrupted: cleaning up (again to stop at once)\n'),
  exit: (code) => process.exit(code),
  now: () => performance.now(),
});

const { signal } = interruption;
const ask = (question: string) =>
  askOnTerminal(question, { input: process.stdin, output: process.stderr, signal });

process.exitCode = await run(
  process.argv.slice(2),
  {
    cwd: process.cwd(),
    env: process.env,
    user: { uid: process.getuid?.() ?? 0, home: homedir() },
    stdout,
    stderr,
    signal,
    ...(process.stdin.isTTY && process.stderr.isTTY ? { ask } : {}),
    now: () => performance.now(),
    loadEngine,
  },
  () => interruption.exitCode,
);
interruption.dispose();
