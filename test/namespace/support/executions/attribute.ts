import { basename, dirname } from 'node:path';
import type { Allowed } from './allowed.ts';
import type { Execution } from './execution.ts';
import { argvText } from './pattern.ts';
import type { PlanCommand } from './plan-commands.ts';

/** What all the programs of a trace are there for. */
export interface Attribution {
  /** Programs that are in no plan and not allowed, and commands of the plan that were not executed. */
  readonly problems: readonly string[];
  readonly seen: ReadonlySet<Allowed>;
  readonly executed: ReadonlyMap<PlanCommand, Execution>;
}

/** What one program is there for; a command of the plan may execute what it wants. */
type Role =
  | { readonly kind: 'allowed'; readonly name: string; readonly allowed?: Allowed }
  | { readonly kind: 'placed'; readonly command: PlanCommand }
  | { readonly kind: 'command'; readonly command: PlanCommand }
  | { readonly kind: 'below' }
  | { readonly kind: 'unknown' };

/** The allowed program that executes the commands of the plan. */
const WORKER = 'worker';
const FOLDERS = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/** Gives every program of a trace the one thing that it is there for. */
export function attribute(
  executions: readonly Execution[],
  expected: { readonly allowed: readonly Allowed[]; readonly commands: readonly PlanCommand[] },
): Attribution {
  const roles = new Map<Execution, Role>();
  const waiting = new Set(expected.commands);
  const executed = new Map<PlanCommand, Execution>();
  const problems: string[] = [];

  const rolesOf = (execution: Execution, starter: Role): readonly Role[] => {
    const argv = argvText(execution.argv);
    if (starter.kind === 'command' || starter.kind === 'below') return [{ kind: 'below' }];
    if (starter.kind === 'unknown' || !isNamed(execution)) return [];
    if (starter.kind === 'placed') {
      const { command } = starter;
      const fits = argv === argvText(command.argv) && !executed.has(command);
      return fits ? [{ kind: 'command', command }] : [];
    }
    const { name } = starter;
    const placed = [...waiting].filter((one) => name === WORKER && one.placed.test(argv));
    return [
      ...expected.allowed
        .filter((one) => one.by === name && one.argv.test(argv))
        .map((allowed): Role => ({ kind: 'allowed', name: allowed.name, allowed })),
      // Two equal commands of a task are executed in the order of the plan.
      ...placed.slice(0, 1).map((command): Role => ({ kind: 'placed', command })),
    ];
  };

  for (const execution of executions) {
    const starter = execution.starter && roles.get(execution.starter);
    const found = rolesOf(execution, starter ?? { kind: 'allowed', name: 'test' });
    const role: Role = found.length === 1 && found[0] ? found[0] : { kind: 'unknown' };
    roles.set(execution, role);
    if (role.kind === 'placed') waiting.delete(role.command);
    if (role.kind === 'command') executed.set(role.command, execution);
    if (role.kind === 'unknown')
      problems.push(`${found.length === 0 ? 'not expected' : 'ambiguous'}: ${show(execution)}`);
  }
  for (const command of expected.commands) {
    if (!executed.has(command))
      problems.push(`not executed: ${command.task} ${JSON.stringify(command.argv)}`);
  }
  const seen = [...roles.values()].flatMap((role) =>
    role.kind === 'allowed' && role.allowed ? [role.allowed] : [],
  );
  return { problems, seen: new Set(seen), executed };
}

/** Whether a program is what its first argument says. */
function isNamed({ path, argv: [name = ''] }: Execution): boolean {
  if (name.includes('/')) return path === name;
  return basename(path) === name && FOLDERS.includes(dirname(path));
}

function show({ path, argv, starter }: Execution): string {
  return `${path} ${JSON.stringify(argv)} by ${JSON.stringify(starter?.argv ?? 'the test')}`;
}
