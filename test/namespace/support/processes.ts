import { readdirSync, readFileSync } from 'node:fs';

export interface Process {
  readonly pid: number;
  readonly parent: number;
  /** In clock ticks; together with the number it names a process for ever. */
  readonly started: string;
  readonly argv: readonly string[];
}

/** Every process of this machine, also those in other namespaces. */
export function processes(): readonly Process[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readProcess(Number(name)) ?? []);
}

/** A process with all that it started, directly or not. */
export function familyOf(pid: number): readonly Process[] {
  const all = processes();
  const family = all.filter((one) => one.pid === pid);
  for (const member of family) family.push(...all.filter((one) => one.parent === member.pid));
  return family;
}

/** What a family of processes is at, one line each: its state, what it waits for in the kernel, its command. */
export function familyTold(pid: number): readonly string[] {
  return familyOf(pid).map((one) => {
    const state = /^State:\s+(\S)/m.exec(readOrNothing(`/proc/${one.pid}/status`))?.[1] ?? '?';
    const at = readOrNothing(`/proc/${one.pid}/stack`).split('\n').slice(0, 3);
    const calls = at.map((line) => line.replace(/^\S+ |\+.*/g, '')).filter(Boolean);
    return `${one.pid} ${state} ${calls.join(' < ')}: ${one.argv.join(' ')}`.slice(0, 200);
  });
}

export function isAlive(process: Process): boolean {
  return readProcess(process.pid)?.started === process.started;
}

/** A zombie holds nothing and only waits for its parent to look at it: it counts as ended. */
function readProcess(pid: number): Process | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z') return undefined;
    const argv = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1);
    return { pid, parent: Number(fields[1]), started: fields[19] ?? '', argv };
  } catch {
    return undefined;
  }
}

function readOrNothing(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
