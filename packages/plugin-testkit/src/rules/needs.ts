import { posix } from 'node:path';
import type { Need } from '@livesys/core/plugin';
import { type PlanTask, type PlanText, showText, WORK } from '@livesys/core/testing';
import { judge, type Subject } from '../subject.ts';
import { BASE_TOOLS } from './base-tools.ts';

/** Every program that a task runs in the tools tree, or on the builder, is named by a need. */
export async function needs(subject: Subject): Promise<readonly string[]> {
  const known = new Set([...BASE_TOOLS, ...subject.needs.map(({ name }) => name)]);
  return [
    ...subject.needs.flatMap(needLines),
    ...(await judge(subject, ({ recorded }) =>
      (recorded?.plan.tasks ?? [])
        .filter(({ place }) => place.kind === 'tools' || place.kind === 'builder')
        .flatMap((task) => undeclared(task, known)),
    )),
  ];
}

function needLines({ name, reason, packages = {} }: Need): readonly string[] {
  const empty = Object.entries(packages).filter(
    ([, list]) => list.length === 0 || list.some((one) => one.trim() === ''),
  );
  return [
    ...(name.trim() === '' ? ['a need has no name'] : []),
    ...(reason.trim() === ''
      ? [`the need ${name} has no reason, which a user would be shown`]
      : []),
    ...empty.map(([id]) => `the need ${name} names no package for ${id}; leave ${id} out`),
  ];
}

function undeclared(task: PlanTask, known: ReadonlySet<string>): readonly string[] {
  return task.operations.flatMap((operation) => {
    if (operation.kind === 'pipe') {
      return operation.commands.flatMap((argv) => program(task, argv[0] ?? '', known));
    }
    return operation.kind === 'exec' ? program(task, operation.argv[0] ?? '', known) : [];
  });
}

function program(task: PlanTask, first: PlanText, known: ReadonlySet<string>): readonly string[] {
  const shown = showText(first);
  // A program that the task brings with it, as an input or as a file that it wrote.
  const brought = ['/tmp/', '/var/tmp/', `${WORK}/`].some((folder) => shown.startsWith(folder));
  if (brought || known.has(posix.basename(shown))) return [];
  return [`${task.id} runs ${shown}, which no need names`];
}
