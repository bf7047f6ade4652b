import { tasksUntil } from '../../../../packages/core/src/apply/schedule.ts';
import type { Plan } from '../../../../packages/core/src/plan/model.ts';
import type { Execution } from './execution.ts';
import type { PlanCommand } from './plan-commands.ts';

/** Commands that began before one had ended that they build on. */
export function orderProblems(
  plan: Plan,
  executed: ReadonlyMap<PlanCommand, Execution>,
): readonly string[] {
  const needs = new Map(
    plan.tasks.map(({ id }) => [id, new Set(tasksUntil(plan, id).map((task) => task.id))]),
  );
  const comesBefore = (one: PlanCommand, other: PlanCommand): boolean =>
    one.task === other.task ? one.step < other.step : needs.get(other.task)?.has(one.task) === true;
  return [...executed].flatMap(([other, { begin }]) =>
    [...executed]
      .filter(([one, { end }]) => comesBefore(one, other) && end() > begin)
      .map(([one]) => `${show(other)} began before the end of ${show(one)}`),
  );
}

function show({ task, argv }: PlanCommand): string {
  return `${task} ${JSON.stringify(argv)}`;
}
