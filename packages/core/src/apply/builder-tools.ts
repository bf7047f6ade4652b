import { access, constants } from 'node:fs/promises';
import { join } from 'node:path';
import { LivesysError } from '../errors/livesys-error.ts';
import type { Plan, PlanTask } from '../plan/model.ts';
import { CLEAN_ENVIRONMENT } from './command-runner.ts';

/** Refuses, before any work, a plan whose commands for the builder are not installed on it. */
export async function assertBuilderTools(plan: Plan): Promise<void> {
  const missing: string[] = [];
  for (const program of new Set(plan.tasks.flatMap(builderPrograms))) {
    if (!(await isInstalled(program))) missing.push(program);
  }
  if (missing.length === 0) return;
  throw new LivesysError(
    'LIVESYS_TOOL_MISSING',
    `Not installed on this machine: ${missing.join(', ')}.`,
    { hint: 'Install the package that has it; livesys doctor names it.' },
  );
}

function builderPrograms(task: PlanTask): readonly string[] {
  if (task.place.kind !== 'builder') return [];
  return task.operations.flatMap((operation) => {
    const commands =
      operation.kind === 'exec'
        ? [operation.argv]
        : operation.kind === 'pipe'
          ? operation.commands
          : [];
    return commands.flatMap(([program]) => (typeof program === 'string' ? [program] : []));
  });
}

async function isInstalled(program: string): Promise<boolean> {
  const places = program.includes('/')
    ? [program]
    : CLEAN_ENVIRONMENT.PATH.split(':').map((folder) => join(folder, program));
  for (const place of places) {
    const found = await access(place, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return true;
  }
  return false;
}
