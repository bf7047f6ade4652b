import { readFileSync } from 'node:fs';

/** What a traced process became, in order: `unshare` becomes the tool that it starts. */
export interface TracedProcess {
  readonly pid: number;
  readonly parent: number | undefined;
  readonly programs: readonly (readonly string[])[];
}

/** Arguments for strace that give what {@link readTrace} reads. */
export function traceInto(file: string): readonly string[] {
  const calls = 'trace=execve,clone,clone3,fork,vfork';
  return [
    'strace',
    '-f',
    '-q',
    '--decode-pids=pidns',
    '-e',
    calls,
    '-e',
    'signal=none',
    '-s',
    '4096',
    '-v',
    '-o',
    file,
  ];
}

/** Reads what strace wrote: every program that was started, by whom, with its arguments. */
export function readTrace(file: string): readonly TracedProcess[] {
  const found = new Map<
    number,
    { pid: number; parent: number | undefined; programs: string[][] }
  >();
  const get = (pid: number) => {
    const known = found.get(pid) ?? { pid, parent: undefined, programs: [] };
    found.set(pid, known);
    return known;
  };
  for (const line of wholeCalls(readFileSync(file, 'utf8'))) {
    const pid = Number.parseInt(line, 10);
    const call = line.replace(/^\d+\s+/, '');
    const child =
      /^(?:clone|clone3|fork|vfork)\(.*\)\s+= (\d+)(?: \/\* (\d+) in strace's PID NS \*\/)?$/.exec(
        call,
      );
    if (child) get(Number(child[2] ?? child[1])).parent = pid;
    const argv = /^execve\("(?:[^"\\]|\\.)*", \[(.*)\], \[.*\]\)\s+= 0$/.exec(call)?.[1];
    if (argv !== undefined) get(pid).programs.push(strings(argv));
  }
  return [...found.values()];
}

/** Joins calls that strace had to interrupt by lines of other processes. */
function wholeCalls(text: string): readonly string[] {
  const begun = new Map<string, string>();
  return text.split('\n').flatMap((line) => {
    const pid = line.split(' ', 1)[0] ?? '';
    const unfinished = / <unfinished \.\.\.>$/.exec(line);
    if (unfinished) {
      begun.set(pid, line.slice(0, unfinished.index));
      return [];
    }
    const resumed = /^\d+\s+<\.\.\. \w+ resumed>/.exec(line);
    return [resumed ? (begun.get(pid) ?? '') + line.slice(resumed[0].length) : line];
  });
}

/** The strings of a C array. */
function strings(list: string): string[] {
  return [...list.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map((match) => unescape(match[1] ?? ''));
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', v: '\v', f: '\f' };

function unescape(text: string): string {
  const bytes = text.replaceAll(/\\([0-7]{1,3}|.)/g, (_, escape: string) =>
    /^[0-7]/.test(escape)
      ? String.fromCharCode(Number.parseInt(escape, 8))
      : (ESCAPES[escape] ?? escape),
  );
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
