import type { Operation, Plan, PlanText } from '../../../../packages/core/src/plan/model.ts';
import { readResult } from '../results.ts';
import { argvPattern, argvText, type Places } from './pattern.ts';

/** A command of a plan, with all that is known only while applying put in. */
export interface PlanCommand {
  readonly task: string;
  /** Number of the operation; commands of a pipe share it and run side by side. */
  readonly step: number;
  readonly argv: readonly string[];
  /** The arguments of the program that puts it into the root of its task. */
  readonly placed: RegExp;
}

/** Every command of a plan that has been applied with a cache. */
export async function planCommands(
  plan: Plan,
  cache: string,
  places: Places,
): Promise<readonly PlanCommand[]> {
  const found: PlanCommand[] = [];
  for (const { id, operations, network } of plan.tasks) {
    for (const [step, operation] of operations.entries()) {
      if (operation.kind !== 'exec' && operation.kind !== 'pipe') continue;
      const cwd = await resolve(operation.cwd ?? '/', cache);
      for (const words of commandsOf(operation)) {
        const argv = await Promise.all(words.map(async (word) => resolve(word, cache)));
        const placed = argvPattern(
          `unshare ${network ? '' : '--net '}--root=<cache>/tmp/<run>/points/<task>/root --wd=<cwd> -- <command>`,
          { ...places, task: id.replaceAll(':', '_'), cwd, command: argvText(argv) },
        );
        found.push({ task: id, step, argv, placed });
      }
    }
  }
  return found;
}

function commandsOf(operation: Operation & { kind: 'exec' | 'pipe' }) {
  return operation.kind === 'exec' ? [operation.argv] : operation.commands;
}

async function resolve(text: PlanText, cache: string): Promise<string> {
  if (typeof text === 'string') return text;
  const parts = text.map(async (part) => {
    if (typeof part === 'string') return part;
    const { ref } = part;
    if (ref.kind === 'secret') throw new Error(`a secret is an argument: ${ref.name}`);
    return (await readResult(cache, ref.task, ref.output)).replace(/\n$/, '');
  });
  return (await Promise.all(parts)).join('');
}
