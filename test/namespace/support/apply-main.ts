// A caller of applyPlan in a process of its own, so that tests can watch, trace, interrupt and kill it.
import { readFileSync } from 'node:fs';
import { applyPlan } from '../../../packages/core/src/apply/apply-plan.ts';
import { isLivesysError } from '../../../packages/core/src/errors/livesys-error.ts';
import type { CallerRequest, CallerLine } from './caller.ts';

const say = (line: CallerLine): void => void process.stdout.write(`${JSON.stringify(line)}\n`);
const request = JSON.parse(readFileSync(process.argv[2] as string, 'utf8')) as CallerRequest;
const abort = new AbortController();
process.once('SIGINT', () => abort.abort());

try {
  await applyPlan(request.plan, { ...request.options, signal: abort.signal, onEvent: say });
} catch (error) {
  if (!isLivesysError(error)) throw error;
  const { code, exitCode, message, hint, details, task } = error;
  say({ type: 'thrown', code, exitCode, message, hint, details, task });
  process.exitCode = exitCode;
}
