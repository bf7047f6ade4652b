import type { LivesysError } from '@livesys/core/plugin';
import { assertSafe, operationTexts, type PlanTask, showText } from '@livesys/core/testing';
import { judge, type Recorded, type Subject } from '../subject.ts';
import { reachesNetwork } from './network.ts';

/** Refusals of core that a plugin earns by leaving its place. */
const REFUSED = new Set(['LIVESYS_PLUGIN_DEFECT', 'LIVESYS_PLAN_UNSAFE']);
const DEVICE = /\/dev\/(?:[shv]d[a-z]|nvme\d|mmcblk\d|disk\/|mapper\/)/;

/** Core's safety rules, and what only a test can ask of a plugin. */
export async function contained(subject: Subject): Promise<readonly string[]> {
  return judge(subject, ({ recorded, error }) =>
    error === undefined ? planLines(recorded) : refusal(error),
  );
}

function refusal(error: Error): readonly string[] {
  const { code, message, details } = error as Partial<LivesysError>;
  return code !== undefined && REFUSED.has(code) ? [message ?? '', ...(details ?? [])] : [];
}

function planLines({ plan, assets }: Recorded): readonly string[] {
  const texts = Object.values({ ...assets?.esp, ...assets?.medium }).map(stringsOf);
  return [
    ...unsafe(plan),
    ...plan.tasks.flatMap((task) => taskLines(task).map((line) => `${task.id}  ${line}`)),
    ...texts
      .filter((text) => DEVICE.test(text))
      .map(() => 'a boot file names a device of a machine'),
  ];
}

/** What a text says where no reference stands; nothing for an artifact. */
function stringsOf(value: unknown): string {
  const parts: readonly unknown[] = Array.isArray(value) ? value : [value];
  return parts.map((part) => (typeof part === 'string' ? part : '\0')).join('');
}

function unsafe(plan: Recorded['plan']): readonly string[] {
  try {
    assertSafe(plan, { cache: '/var/cache/livesys' });
    return [];
  } catch (error) {
    return refusal(error as Error);
  }
}

function taskLines(task: PlanTask): readonly string[] {
  return [...builderLines(task), ...hostPaths(task), ...networkLines(task)];
}

/** Only the source is made on the builder; everything else runs in trees. */
function builderLines({ step, place, inputs, operations }: PlanTask): readonly string[] {
  if (step === 'source') return [];
  const runs = operations.some(({ kind }) => kind === 'exec' || kind === 'pipe');
  return [
    ...(place.kind === 'builder' && runs
      ? ["it runs programs of the builder; use { on: 'tools' }"]
      : []),
    ...inputs.flatMap((input) =>
      input.kind === 'builderPath' ? [`it reads ${input.path} from the builder; use asset()`] : [],
    ),
  ];
}

/** A path of the machine that plans means nothing on the one that applies. */
function hostPaths({ operations }: PlanTask): readonly string[] {
  const here = process.cwd();
  return operations
    .flatMap(operationTexts)
    .map(showText)
    .filter((text) => text.includes('/node_modules/') || (here.length > 1 && text.includes(here)))
    .map((text) => `it names a path of the machine that plans: ${text.slice(0, 120)}`);
}

function networkLines({ network, operations }: PlanTask): readonly string[] {
  if (network) return [];
  return operations.flatMap((operation) => {
    const commands =
      operation.kind === 'exec'
        ? [operation.argv]
        : operation.kind === 'pipe'
          ? operation.commands
          : [];
    return commands
      .map((argv) => argv.map(showText))
      .filter(reachesNetwork)
      .map((argv) => `it runs ${argv.slice(0, 3).join(' ')} without network: true`);
  });
}
