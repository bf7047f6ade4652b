import type { Plan } from '@livesys/core';
import { type PlanTask, type PlanText, showText } from '@livesys/core/testing';

/** The task of an id; it must be there. */
export function taskOf(plan: Plan, id: string): PlanTask {
  const task = plan.tasks.find((one) => one.id === id);
  if (task === undefined) throw new Error(`there is no task ${id}`);
  return task;
}

/** Every command of a task, as words. */
export function commandsOf({ operations }: PlanTask): readonly (readonly string[])[] {
  const show = (argv: readonly PlanText[]): readonly string[] => argv.map(showText);
  return operations.flatMap((operation) => {
    if (operation.kind === 'exec') return [show(operation.argv)];
    return operation.kind === 'pipe' ? operation.commands.map(show) : [];
  });
}

/** Which of the earlier tasks a task builds on. */
export function neededTasks(plan: Plan, { place, inputs }: PlanTask): readonly string[] {
  const trees = [
    ...(place.kind === 'layer' ? [place.on] : []),
    ...(place.kind === 'chroot' || place.kind === 'tools' ? [place.tree] : []),
    ...(place.kind === 'tools' || place.kind === 'builder' ? Object.values(place.mounts) : []),
    ...inputs.flatMap((input) =>
      input.kind === 'tree' || input.kind === 'topLayer' ? [input.tree] : [],
    ),
  ];
  return [
    ...trees.flatMap((tree) =>
      (plan.trees[tree]?.layers ?? []).flatMap((layer) =>
        layer.kind === 'task' ? [layer.task] : [],
      ),
    ),
    ...inputs.flatMap((input) => (input.kind === 'artifact' ? [input.task] : [])),
  ];
}

/** The task that makes the image for the user; the examples have one each. */
export function outputOf(plan: Plan): PlanTask {
  const task = plan.tasks.find(({ result }) => result.kind === 'output');
  if (task === undefined) throw new Error('there is no output');
  return task;
}

/** Where xorriso puts what, from its `-map` words: paths on the medium by their places here. */
export function mediumFiles(plan: Plan): readonly string[] {
  const argv = commandsOf(outputOf(plan)).find(([program]) => program === 'xorriso') ?? [];
  return argv.flatMap((word, index) => (argv[index - 2] === '-map' ? [word] : []));
}
