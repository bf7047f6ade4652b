/** A system call that matters here, or the end of a thread; in the order in which they began. */
export type Call = { readonly line: number; readonly thread: number } & (
  | { readonly kind: 'exec'; readonly path: string; readonly argv: readonly string[] }
  | { readonly kind: 'clone'; readonly child: number; readonly sameProcess: boolean }
  | { readonly kind: 'exit' }
);

/** The command that traces another into a file, so that {@link readCalls} can read it. */
export function traceInto(file: string): readonly string[] {
  return [
    'strace',
    '--follow-forks',
    '--quiet=attach,personality',
    '--decode-pids=pidns',
    '--trace=execve,execveat,clone,clone3,fork,vfork',
    '--signal=none',
    // The longest argument that the kernel allows: none is cut.
    '--string-limit=131072',
    `--output=${file}`,
  ];
}

const STRINGS = String.raw`((?:"(?:[^"\\]|\\.)*"(?:, )?)*)`;
const ENVIRONMENT = String.raw`(?:NULL|0x[0-9a-f]+ /\* \d+ vars? \*/)`;
const EXEC = new RegExp(
  String.raw`^execve(?:at)?\((?:\w+, )?"((?:[^"\\]|\\.)*)", \[${STRINGS}\], ${ENVIRONMENT}(?:, \w+)?\)\s+= 0$`,
);
const CLONE =
  /^(?:clone|clone3|fork|vfork)\((.*)\)\s+= (\d+)(?: \/\* (\d+) in strace's PID NS \*\/)?$/;
const FAILED = /^(?:\w+\(.*\)\s+= -1 E|(?:clone|clone3|fork|vfork)\(.*\)\s+= \?(?: |$))/;
const EXITED = /^\+\+\+ (?:exited with|killed by) .* \+\+\+$/;

/** Reads what strace wrote. Throws at whatever it cannot read: nothing is passed over. */
export function readCalls(trace: string): readonly Call[] {
  const calls = wholeLines(trace).map(({ line, thread, text }) => {
    const known = readCall(text);
    if (known === undefined) throw new Error(`line ${line} of the trace cannot be read: ${text}`);
    return { line, thread, ...known };
  });
  return calls
    .flatMap((call): readonly Call[] => (call.kind === 'failed' ? [] : [call]))
    .sort((a, b) => a.line - b.line);
}

function readCall(text: string) {
  const exec = EXEC.exec(text);
  if (exec !== null) {
    const [, path = '', argv = ''] = exec;
    return { kind: 'exec', path: unescape(path), argv: strings(argv) } as const;
  }
  const clone = CLONE.exec(text);
  if (clone !== null) {
    const [, flags = '', own, outside] = clone;
    const sameProcess = flags.includes('CLONE_THREAD');
    return { kind: 'clone', child: Number(outside ?? own), sameProcess } as const;
  }
  if (FAILED.test(text)) return { kind: 'failed' } as const;
  return EXITED.test(text) ? ({ kind: 'exit' } as const) : undefined;
}

interface Line {
  /** Where it began. */
  readonly line: number;
  readonly thread: number;
  readonly text: string;
}

/** Joins calls that strace had to interrupt by lines of other threads. */
function wholeLines(trace: string): readonly Line[] {
  const begun = new Map<number, Line>();
  const lines = trace
    .trimEnd()
    .split('\n')
    .flatMap((whole, line): readonly Line[] => {
      const [, id, text = ''] = /^(\d+) +(.*)$/.exec(whole) ?? [];
      const thread = Number(id);
      const [unfinished] = / <unfinished \.\.\.>$/.exec(text) ?? [];
      if (unfinished !== undefined) {
        begun.set(thread, { line, thread, text: text.slice(0, -unfinished.length) });
        return [];
      }
      // A thread that was killed in a call: what it may have made would belong to nobody, which is an
      // error below. Whether a program was executed must be known.
      if (text.startsWith('+++ ') && begun.get(thread)?.text.startsWith('execve') === false)
        begun.delete(thread);
      const [resumed] = /^<\.\.\. \w+ resumed>/.exec(text) ?? [];
      const first = begun.get(thread);
      if (resumed === undefined || first === undefined) return [{ line, thread, text }];
      begun.delete(thread);
      return [{ ...first, text: first.text + text.slice(resumed.length) }];
    });
  return [...lines, ...begun.values()];
}

/** The strings of a C array. */
function strings(list: string): readonly string[] {
  return [...list.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, text = '']) => unescape(text));
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
