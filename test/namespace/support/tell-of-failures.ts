import { beforeEach, onTestFailed } from 'vitest';
import { lastCommandEnd } from './livesys.ts';

const LINES = 12;

// A comparison of exit codes does not tell why a command failed; the end of what it printed does.
beforeEach(() => {
  const before = lastCommandEnd();
  onTestFailed(({ task }) => {
    const end = lastCommandEnd();
    const [error] = task.result?.errors ?? [];
    if (end === undefined || end === before || error === undefined) return;
    const printed = end.stderr.trimEnd().split('\n').slice(-LINES);
    const how = end.signal ?? `status ${end.status}`;
    const told = `${error.message}\nThe last command (${how}) printed at last:\n${printed.join('\n')}`;
    // Reports take it from the stack.
    error.stack = error.stack?.replace(error.message, () => told) ?? told;
    error.message = told;
  });
});
