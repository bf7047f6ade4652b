import { access, constants } from 'node:fs/promises';
import { join } from 'node:path';
import { LivesysError } from '../errors/livesys-error.ts';
import type { Plan, PlanTask } from '../plan/model.ts';
import { CLEAN_ENVIRONMENT } from './command-runner.ts';
import { snapshotsOf } from './snapshot-mounts.ts';

/** Programs that hold a run together; a plan does not name them. */
const SANDBOX = ['flock', 'setpriv', 'unshare'];
/** And those that take snapshots. */
const SNAPSHOTS = { taken: ['btrfs'], volume: ['lvs', 'lvcreate', 'lvremove', 'dmsetup'] };

/** Tells how a program is installed on this machine, where that is known. */
export type InstallLine = (program: string) => Promise<string | undefined>;

/** Refuses, before any work, a plan whose commands for the builder, or ours, are not installed on it. */
export async function assertBuilderTools(plan: Plan, installLine?: InstallLine): Promise<void> {
  const missing: string[] = [];
  const snapshots = (['taken', 'volume'] as const).flatMap((kind) =>
    snapshotsOf(plan, kind).length > 0 ? SNAPSHOTS[kind] : [],
  );
  const programs = [...SANDBOX, ...snapshots, ...plan.tasks.flatMap(builderPrograms)];
  for (const program of new Set(programs)) {
    if (!(await isInstalled(program))) missing.push(program);
  }
  if (missing.length === 0) return;
  const lines: string[] = [];
  for (const program of missing) lines.push((await installLine?.(program)) ?? generalHint(program));
  throw new LivesysError(
    'LIVESYS_TOOL_MISSING',
    `Not installed on this machine: ${missing.join(', ')}.`,
    { hint: [...new Set(lines)].join('\n') },
  );
}

const generalHint = (program: string): string => `Install the package that has ${program}.`;

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
