import type { Call } from './strace.ts';

/** One program that was executed. */
export interface Execution {
  readonly path: string;
  readonly argv: readonly string[];
  /** The program that asked for it: it became this one, or made the process that did. */
  readonly starter: Execution | undefined;
  /** Where in the trace it began. */
  readonly begin: number;
  /** Where in the trace its process ended. */
  readonly end: () => number;
}

interface Process {
  program: Execution | undefined;
  end: number;
}

/** Every program that was executed, in order. The first has no starter. */
export function readExecutions(calls: readonly Call[]): readonly Execution[] {
  const executions: Execution[] = [];
  const processes = new Map<number, Process>();
  const first = calls[0];
  if (first !== undefined) processes.set(first.thread, { program: undefined, end: Infinity });
  for (const call of calls) {
    const process = processes.get(call.thread);
    if (process === undefined)
      throw new Error(`nobody started thread ${call.thread}: ${JSON.stringify(call)}`);
    if (call.kind === 'exit') process.end = call.line;
    if (call.kind === 'clone') {
      const copy = { program: process.program, end: Infinity };
      processes.set(call.child, call.sameProcess ? process : copy);
    }
    if (call.kind !== 'exec') continue;
    const { path, argv, line } = call;
    process.program = {
      path,
      argv,
      starter: process.program,
      begin: line,
      end: () => process.end,
    };
    executions.push(process.program);
  }
  return executions;
}
