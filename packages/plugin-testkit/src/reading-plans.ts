import type { Artifact } from '@livesys/core/plugin';
import {
  operationTexts,
  type Plan,
  type PlanTask,
  type PlanText,
  showText,
} from '@livesys/core/testing';

/** The task that makes an artifact. */
export function makerOf(plan: Plan, { artifact }: Artifact): PlanTask | undefined {
  const id = artifact.slice(0, artifact.lastIndexOf('/'));
  const name = artifact.slice(artifact.lastIndexOf('/') + 1);
  return plan.tasks.find(
    (task) =>
      task.id === id && task.result.kind === 'artifacts' && task.result.outputs.includes(name),
  );
}

/** Every artifact that went into the given ones, themselves included. */
export function ingredients(plan: Plan, artifacts: readonly Artifact[]): ReadonlySet<string> {
  const found = new Set<string>();
  const todo = [...artifacts];
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    if (found.has(next.artifact)) continue;
    found.add(next.artifact);
    for (const input of makerOf(plan, next)?.inputs ?? []) {
      if (input.kind === 'artifact') todo.push({ artifact: `${input.task}/${input.output}` });
    }
  }
  return found;
}

/** Every text of a task's operations, references as `${task/output}`. */
export function textsOf({ operations }: PlanTask): readonly string[] {
  return operations
    .flatMap((operation) => operationTexts(operation))
    .map((one: PlanText) => showText(one));
}

/** Texts of a task and the contents of the files that it was given by its plugin. */
export function wordsOf(plan: Plan, task: PlanTask): string {
  const blobs = task.inputs.flatMap((input) =>
    input.kind === 'blob' ? [plan.blobs[input.sha256] ?? ''] : [],
  );
  return [
    ...textsOf(task),
    ...blobs.map((one) => Buffer.from(one, 'base64').toString('utf8')),
  ].join('\n');
}
